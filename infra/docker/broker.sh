#!/bin/sh
# A Kafka broker in a container: makes its properties, formats its folder once, and becomes the broker.
# Runs on the official image and on the one of infra/docker/images.sh: it needs Java, the jars in /opt/kafka/libs, and
# infra/kafka/broker.properties beside it.
#
#   KAFKA_NODE       its number, 1, 2, 3 …
#   KAFKA_HOST       under which name the other containers find it
#   KAFKA_NODES      all nodes as number@host, with commas; the same for each
#   KAFKA_CLUSTER    the cluster's id: 22 characters, the same for each
#   KAFKA_SECRET     what the brokers show each other
#   KAFKA_USERS      name=password, with commas: the users that the cluster knows from its first start on
#   KAFKA_OUTSIDE    host:port by which clients outside the containers reach port 9094; leave it empty for none
#   KAFKA_CERTIFICATE  key, certificate and authority in one PEM file: clients come in by TLS; leave it empty for none
#   KAFKA_JVM        options for Java
set -eu
umask 077
here="$(dirname "$0")"
data=/var/lib/kafka/data
properties="$data/broker.properties"
classes='/opt/kafka/libs/*'

fail() { echo "broker: $*" >&2; exit 1; }
for name in KAFKA_NODE KAFKA_HOST KAFKA_NODES KAFKA_CLUSTER KAFKA_SECRET KAFKA_USERS; do
  eval "[ -n \"\${$name:-}\" ]" || fail "$name is not set"
done
case "$KAFKA_USERS$KAFKA_SECRET" in *[!A-Za-z0-9=,._-]*) fail "passwords and names are of letters, digits, '.', '_' and '-'" ;; esac
[ -w "$data" ] || fail "$data cannot be written by $(id -un 2>/dev/null || id -u): the volume belongs to somebody else"

nodes="$(echo "$KAFKA_NODES" | tr ',' '\n' | wc -l)"
copies=$((nodes < 3 ? nodes : 3))
least=$((copies == 3 ? 2 : 1))
plain="org.apache.kafka.common.security.plain.PlainLoginModule required username=\"broker\" password=\"$KAFKA_SECRET\" user_broker=\"$KAFKA_SECRET\";"
scram='org.apache.kafka.common.security.scram.ScramLoginModule required;'

protocol=SASL_PLAINTEXT
if [ -n "${KAFKA_CERTIFICATE:-}" ]; then
  [ -r "$KAFKA_CERTIFICATE" ] || fail "KAFKA_CERTIFICATE is $KAFKA_CERTIFICATE, which cannot be read by $(id -un 2>/dev/null || id -u)"
  protocol=SASL_SSL
fi

sed -e "s/{client_protocol}/$protocol/" -e 's/{superuser}/ledger/' "$here/broker.properties" > "$properties"
cat >> "$properties" <<END
# Written by broker.sh. Nobody is let in without a name: clients by SCRAM, the brokers among themselves by their secret.
node.id=$KAFKA_NODE
log.dirs=$data/log
controller.quorum.voters=$(echo "$KAFKA_NODES" | sed 's/,/:9095,/g'):9095
listener.security.protocol.map=CLIENT:$protocol,OUTSIDE:$protocol,INTERNAL:SASL_PLAINTEXT,CONTROLLER:SASL_PLAINTEXT
listeners=CLIENT://:9092,INTERNAL://:9093,CONTROLLER://:9095${KAFKA_OUTSIDE:+,OUTSIDE://:9094}
advertised.listeners=CLIENT://$KAFKA_HOST:9092,INTERNAL://$KAFKA_HOST:9093${KAFKA_OUTSIDE:+,OUTSIDE://$KAFKA_OUTSIDE}
super.users=User:ledger;User:broker
sasl.mechanism.inter.broker.protocol=PLAIN
sasl.mechanism.controller.protocol=PLAIN
listener.name.internal.sasl.enabled.mechanisms=PLAIN
listener.name.internal.plain.sasl.jaas.config=$plain
listener.name.controller.sasl.enabled.mechanisms=PLAIN
listener.name.controller.plain.sasl.jaas.config=$plain
listener.name.client.scram-sha-512.sasl.jaas.config=$scram
listener.name.outside.scram-sha-512.sasl.jaas.config=$scram
# A busy machine is not a dead one: the patience of the tests is too short for a cluster that is to last.
broker.session.timeout.ms=9000
broker.heartbeat.interval.ms=2000
controller.quorum.election.timeout.ms=2000
controller.quorum.fetch.timeout.ms=4000
replica.lag.time.max.ms=30000
offsets.topic.replication.factor=$copies
transaction.state.log.replication.factor=$copies
share.coordinator.state.topic.replication.factor=$copies
default.replication.factor=$copies
min.insync.replicas=$least
transaction.state.log.min.isr=$least
share.coordinator.state.topic.min.isr=$least
END
for listener in ${KAFKA_CERTIFICATE:+client outside}; do
  for store in keystore truststore; do
    printf 'listener.name.%s.ssl.%s.type=PEM\nlistener.name.%s.ssl.%s.location=%s\n' "$listener" "$store" "$listener" "$store" "$KAFKA_CERTIFICATE"
  done
done >> "$properties"

if [ ! -f "$data/log/meta.properties" ]; then
  set --
  for user in $(echo "$KAFKA_USERS" | tr ',' ' '); do
    case "$user" in ?*=?*) ;; *) fail "KAFKA_USERS holds '${user%%=*}' without a password" ;; esac
    set -- "$@" -S "SCRAM-SHA-512=[name=${user%%=*},password=${user#*=}]"
  done
  java -Xmx128m -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -cp "$classes" kafka.tools.StorageTool \
    format -t "$KAFKA_CLUSTER" -c "$properties" "$@" > "$data/format.log" 2>&1 || { cat "$data/format.log" >&2; fail "its folder could not be formatted"; }
fi
# shellcheck disable=SC2086  options are words
exec java ${KAFKA_JVM:--Xmx512m} -Dorg.slf4j.simpleLogger.defaultLogLevel=warn -cp "$classes" kafka.Kafka "$properties"
