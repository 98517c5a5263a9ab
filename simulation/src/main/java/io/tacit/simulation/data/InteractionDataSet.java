package io.tacit.simulation.data;

import io.tacit.protocol.ContentHash;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * A catalogue and what users did with it. Immutable.
 *
 * @param name for reports, such as {@code msweb}
 * @param timed whether interactions have times; if so, each user's are in order of time
 * @param orderRule how order and ties were decided, a sentence for reports
 * @param schema the attributes that every item has; may be empty
 * @param items the catalogue; an item's index here is its number everywhere
 * @param userSchema the attributes that every user has; may be empty
 * @param users everyone in the source, whatever the number of interactions
 */
public record InteractionDataSet(
    String name,
    boolean timed,
    String orderRule,
    List<AttributeField> schema,
    List<Item> items,
    List<AttributeField> userSchema,
    List<UserHistory> users) {

  /**
   * Checks that all parts fit together.
   *
   * @throws IllegalArgumentException if two items share an id, an item or a user does not follow
   *     the schema, an interaction names no item, or a timed user is out of order
   */
  public InteractionDataSet {
    schema = List.copyOf(schema);
    items = List.copyOf(items);
    userSchema = List.copyOf(userSchema);
    users = List.copyOf(users);
    Set<String> ids = new HashSet<>();
    for (Item item : items) {
      if (!ids.add(item.externalId())) {
        throw new IllegalArgumentException("two items have the id \"" + item.externalId() + "\"");
      }
      checkSchema("item", item.externalId(), item.attributes(), schema);
    }
    for (UserHistory user : users) {
      checkHistory(user, items.size(), timed);
      checkSchema("user", user.externalId(), user.attributes(), userSchema);
    }
  }

  /** A data set that knows nothing of its users but what they did. */
  public InteractionDataSet(
      String name,
      boolean timed,
      String orderRule,
      List<AttributeField> schema,
      List<Item> items,
      List<UserHistory> users) {
    this(name, timed, orderRule, schema, items, List.of(), users);
  }

  /** How many interactions all users have, repeated ones included. */
  public int interactionCount() {
    return users.stream().mapToInt(user -> user.interactions().size()).sum();
  }

  /** The SHA-256, in hex, of all that an experiment sees of it: another one has other results. */
  public String contentHash() {
    StringBuilder content = new StringBuilder(name).append(orderRule);
    content.append('\n').append(items.size()).append('\n');
    content.append(AttributeTable.ofItems(this)).append(AttributeTable.ofUsers(this)).append('\n');
    for (UserHistory user : users) {
      for (Interaction interaction : user.interactions()) {
        content.append(interaction.item()).append(' ');
      }
      content.append('\n');
    }
    return ContentHash.of(content.toString().getBytes(StandardCharsets.UTF_8)).toHex();
  }

  private static void checkSchema(
      String what, String id, List<ItemAttribute> attributes, List<AttributeField> schema) {
    List<?> wanted = schema.stream().map(AttributeField::kind).toList();
    List<?> found = attributes.stream().map(ItemAttribute::getClass).toList();
    if (!found.equals(wanted)) {
      throw new IllegalArgumentException(
          what + " \"" + id + "\" has attributes " + found + ", schema is " + wanted);
    }
  }

  private static void checkHistory(UserHistory user, int itemCount, boolean timed) {
    long latest = Long.MIN_VALUE;
    for (Interaction interaction : user.interactions()) {
      if (interaction.item() < 0 || interaction.item() >= itemCount) {
        throw new IllegalArgumentException(
            "user \"%s\" has item %d, must be 0 to %d"
                .formatted(user.externalId(), interaction.item(), itemCount - 1));
      }
      if (timed && interaction.epochSeconds() < latest) {
        throw new IllegalArgumentException(
            "user \"%s\" has time %d after %d; a timed history must be in order of time"
                .formatted(user.externalId(), interaction.epochSeconds(), latest));
      }
      latest = interaction.epochSeconds();
    }
  }
}
