"""The ledger on Kafka: topics, intake, relay, restore."""
