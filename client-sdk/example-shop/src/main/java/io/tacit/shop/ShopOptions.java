package io.tacit.shop;

import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;

/**
 * How the shop was started.
 *
 * @param data private directory of the client
 * @param population that the shop belongs to
 * @param coordinator to take part with, if there is one
 * @param trust file of certificates to trust alone, if there is one
 * @param crowd simulated customers to run instead of serving one; 0 serves one
 * @param isHelpAsked whether to print the usage and do nothing
 */
record ShopOptions(
    Path data,
    String population,
    Optional<Address> coordinator,
    Optional<Path> trust,
    int crowd,
    boolean isHelpAsked) {

  static final String USAGE =
      """
      Usage: java -jar tacit-example-shop.jar [OPTIONS]
      A shop in a terminal that recommends. It reads commands, one a line; "help" lists them.

        --data DIR               private directory of this customer (default: shop-data)
        --coordinator HOST:PORT  gRPC port to take part with; on localhost without encryption, for
                                 development, elsewhere over TLS (default: none, recommend only)
        --trust FILE             certificates (PEM) to trust alone, instead of the platform's
        --population NAME        population that the shop belongs to (default: shop)
        --crowd N                simulate N customers (1 to 100) who take part all the time, to see a
                                 model learn on one machine; end it with Ctrl-C
        --help                   print this
      """;

  /** A host and a port. */
  record Address(String host, int port) {

    static Address parse(String text) {
      int colon = text.lastIndexOf(':');
      String digits = text.substring(colon + 1);
      int port = digits.matches("[0-9]{1,5}") ? Integer.parseInt(digits) : 0;
      if (colon < 1 || port < 1 || port > 65_535) {
        throw new IllegalArgumentException(
            "--coordinator is \""
                + text
                + "\", must be HOST:PORT with a port of 1 to 65535, e.g. localhost:9000");
      }
      return new Address(text.substring(0, colon), port);
    }

    boolean isThisMachine() {
      return host.equals("localhost") || host.equals("127.0.0.1");
    }
  }

  /**
   * Reads the command line.
   *
   * @throws IllegalArgumentException saying what is wrong with it
   */
  static ShopOptions parse(List<String> arguments) {
    Path data = Path.of("shop-data");
    String population = "shop";
    Optional<Address> coordinator = Optional.empty();
    Optional<Path> trust = Optional.empty();
    int crowd = 0;
    boolean help = false;
    Iterator<String> rest = arguments.iterator();
    while (rest.hasNext()) {
      String option = rest.next();
      switch (option) {
        case "--data" -> data = Path.of(value(option, rest));
        case "--population" -> population = value(option, rest);
        case "--coordinator" -> coordinator = Optional.of(Address.parse(value(option, rest)));
        case "--trust" -> trust = Optional.of(Path.of(value(option, rest)));
        case "--crowd" -> crowd = crowd(value(option, rest));
        case "--help" -> help = true;
        default ->
            throw new IllegalArgumentException(
                "unknown option \"" + option + "\"; --help lists all options");
      }
    }
    if (crowd > 0 && coordinator.isEmpty()) {
      throw new IllegalArgumentException("--crowd needs a --coordinator to take part with");
    }
    return new ShopOptions(data, population, coordinator, trust, crowd, help);
  }

  /** The same for another directory. */
  ShopOptions in(Path directory) {
    return new ShopOptions(directory, population, coordinator, trust, crowd, isHelpAsked);
  }

  private static int crowd(String text) {
    int customers = text.matches("[0-9]{1,3}") ? Integer.parseInt(text) : 0;
    if (customers < 1 || customers > Crowd.CUSTOMERS_MAX) {
      throw new IllegalArgumentException(
          "--crowd is \"" + text + "\", must be 1 to " + Crowd.CUSTOMERS_MAX);
    }
    return customers;
  }

  private static String value(String option, Iterator<String> rest) {
    if (!rest.hasNext()) {
      throw new IllegalArgumentException(option + " needs a value; --help lists all options");
    }
    return rest.next();
  }
}
