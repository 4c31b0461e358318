"""Documents that leave the house as files: pictures, pages and workbooks."""
