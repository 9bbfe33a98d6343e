"""The tables of the mock platform, in SQLite."""

TABLES = """
CREATE TABLE IF NOT EXISTS account (
    id TEXT PRIMARY KEY, name TEXT, currency TEXT, timezone TEXT, token TEXT,
    latency_ms INTEGER, lag_minutes INTEGER, restated_permille INTEGER, is_down INTEGER,
    timeout_permille INTEGER, error_permille INTEGER, limited_permille INTEGER) STRICT;
CREATE TABLE IF NOT EXISTS campaign (
    account TEXT, id TEXT, name TEXT, status TEXT, daily_budget_micros INTEGER,
    since TEXT, settled_until TEXT, PRIMARY KEY (account, id)) STRICT;
CREATE TABLE IF NOT EXISTS flip (account TEXT, campaign TEXT, at TEXT, status TEXT) STRICT;
CREATE INDEX IF NOT EXISTS flip_of_campaign ON flip (account, campaign);
CREATE TABLE IF NOT EXISTS settled (
    account TEXT, campaign TEXT, day TEXT, micros INTEGER,
    PRIMARY KEY (account, campaign, day)) STRICT;
CREATE TABLE IF NOT EXISTS budget (
    account TEXT, id TEXT, micros INTEGER, PRIMARY KEY (account, id)) STRICT;
"""
