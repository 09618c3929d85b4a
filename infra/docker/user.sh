#!/bin/sh
# Gives the cluster a user, or an old one a new password, which is read from standard input:
#   docker compose exec -T kafka1 sh /ledger/user.sh NAME < file-with-the-password
set -eu
umask 077
name="${1:?say which user}"
read -r password
case "$name$password" in *[!A-Za-z0-9._-]*) echo "user.sh: names and passwords are of letters, digits, '.', '_' and '-'" >&2; exit 2 ;; esac
login="$(echo "$KAFKA_USERS" | tr ',' '\n' | sed -n 's/^ledger=//p')"
protocol=SASL_PLAINTEXT
[ -z "${KAFKA_CERTIFICATE:-}" ] || protocol=SASL_SSL
work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT
cat > "$work/login" <<END
security.protocol=$protocol
ssl.truststore.type=PEM
ssl.truststore.location=${KAFKA_CERTIFICATE:-}
sasl.mechanism=SCRAM-SHA-512
sasl.jaas.config=org.apache.kafka.common.security.scram.ScramLoginModule required username="ledger" password="$login";
END
printf 'SCRAM-SHA-512=iterations=8192,password=%s\n' "$password" > "$work/user"
java -Xmx128m -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -Dorg.slf4j.simpleLogger.defaultLogLevel=error -cp '/opt/kafka/libs/*' \
  kafka.admin.ConfigCommand --bootstrap-server "$KAFKA_HOST:9092" \
  --command-config "$work/login" --alter --entity-type users --entity-name "$name" --add-config-file "$work/user"
