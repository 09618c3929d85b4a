-- Figures are in more units than when the schema was made: the comment that BI tools show says which.
COMMENT ON COLUMN analysis.figure.unit IS 'Unit of value, low and high: share, points (a difference of shares), days, minutes, cents, basis_points or per_10000';
