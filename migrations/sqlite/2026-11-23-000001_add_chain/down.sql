DROP TABLE chain_links;
