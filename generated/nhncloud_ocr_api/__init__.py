"""A client library for accessing NHN Cloud General OCR"""
