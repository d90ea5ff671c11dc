"""The six pages of a campaign, in their order."""
