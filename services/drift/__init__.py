"""Drift reports: has what the models are shown, or what they say of it, changed between two windows?"""
