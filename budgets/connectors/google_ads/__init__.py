"""The connector to Google Ads."""

from budgets.connectors.google_ads.connector import GoogleAdsConnector

__all__ = ["GoogleAdsConnector"]
