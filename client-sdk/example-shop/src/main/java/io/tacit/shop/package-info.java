/**
 * How an app embeds the client: a shop on the command line. Start reading at {@link
 * io.tacit.shop.FirstIntegration}, then {@link io.tacit.shop.ShopApp}, which makes the client, and
 * {@link io.tacit.shop.Shop}, which uses it. Knows nothing of Tacit but the client's public API;
 * the guide docs/guides/embed.md is cut from these files.
 */
@NullMarked
package io.tacit.shop;

import org.jspecify.annotations.NullMarked;
