# Trials by cell source and country, all pages: Rscript trials.R adipose CN (needs jsonlite).

library(jsonlite)

site <- Sys.getenv("SITE", "http://127.0.0.1:8000")
asked <- commandArgs(trailingOnly = TRUE)
address <- paste0(
  site, "/api/v1/trials/?cell_source=", URLencode(asked[1], reserved = TRUE),
  "&country=", URLencode(asked[2], reserved = TRUE),
  "&fields=id,title,status,start_date&page_size=1000&cursor="
)

pages <- list()
while (!is.null(address)) {
  page <- fromJSON(address, flatten = TRUE)
  pages[[length(pages) + 1]] <- page$results
  address <- page[["next"]]  # the next address has the whole question
}
trials <- do.call(rbind, Filter(is.data.frame, pages))
print(trials)
