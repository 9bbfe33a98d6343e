"""What is asked of Google Ads, in its query language (GAQL)."""

FACTS = "SELECT customer.descriptive_name, customer.time_zone, customer.currency_code FROM customer"

# Impressions keep a day in the answer whose cost was corrected to nothing: a row is left out only
# where all of its metrics are 0. So is a campaign that did not run, so statuses are asked apart.
DAYS = """
SELECT campaign.id, segments.date, metrics.cost_micros, metrics.impressions,
  customer.currency_code
FROM campaign
WHERE segments.date BETWEEN '{first}' AND '{last}' AND campaign.id IN ({ids})
"""

STATUSES = "SELECT campaign.id, campaign.status FROM campaign WHERE campaign.id IN ({ids})"

CAMPAIGNS = """
SELECT campaign.id, campaign.name, campaign.status, campaign_budget.amount_micros,
  campaign_budget.period
FROM campaign
"""

BUDGETS = """
SELECT campaign.id, campaign.campaign_budget, campaign_budget.explicitly_shared,
  campaign_budget.period
FROM campaign
WHERE campaign.id IN ({ids})
"""
