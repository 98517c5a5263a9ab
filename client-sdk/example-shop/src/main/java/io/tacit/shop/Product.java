package io.tacit.shop;

/**
 * Something on sale.
 *
 * @param id in the item file, the catalogue and the events
 * @param title for people
 * @param isAvailable whether it can be had now
 * @param category that people browse by
 */
record Product(String id, String title, boolean isAvailable, String category) {}
