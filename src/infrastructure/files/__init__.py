"""Files for people: PDF and XLSX."""
