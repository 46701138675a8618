"""gRPC and HTTP: conversion of messages, validation, admission, caller, error texts and statuses."""
