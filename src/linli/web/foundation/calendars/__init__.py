"""Working days and office hours: notices of years, hours of county and stations, deadlines reckoned again."""
