"""一个平台流转办理: one id and one status for a matter that several systems deal with."""
