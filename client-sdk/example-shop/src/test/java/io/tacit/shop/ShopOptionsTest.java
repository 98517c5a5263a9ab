package io.tacit.shop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ShopOptionsTest {

  private static ShopOptions parse(String... arguments) {
    return ShopOptions.parse(List.of(arguments));
  }

  @Test
  void reads_all_options_and_has_defaults() {
    assertThat(parse())
        .isEqualTo(
            new ShopOptions(
                Path.of("shop-data"), "shop", Optional.empty(), Optional.empty(), 0, false));
    ShopOptions all =
        parse(
            "--data",
            "d",
            "--population",
            "p",
            "--trust",
            "t.pem",
            "--crowd",
            "7",
            "--help",
            "--coordinator",
            "localhost:9000");
    assertThat(all)
        .isEqualTo(
            new ShopOptions(
                Path.of("d"),
                "p",
                Optional.of(new ShopOptions.Address("localhost", 9000)),
                Optional.of(Path.of("t.pem")),
                7,
                true));
  }

  @Test
  void only_this_machine_is_reached_without_encryption() {
    assertThat(ShopOptions.Address.parse("localhost:9000").isThisMachine()).isTrue();
    assertThat(ShopOptions.Address.parse("127.0.0.1:9000").isThisMachine()).isTrue();
    assertThat(ShopOptions.Address.parse("shop.example.com:443").isThisMachine()).isFalse();
  }

  @Test
  void says_what_is_wrong() {
    assertThatThrownBy(() -> parse("--dir", "x"))
        .hasMessage("unknown option \"--dir\"; --help lists all options");
    assertThatThrownBy(() -> parse("--data"))
        .hasMessage("--data needs a value; --help lists all options");
    assertThatThrownBy(() -> parse("--crowd", "500", "--coordinator", "localhost:1"))
        .hasMessage("--crowd is \"500\", must be 1 to 100");
    assertThatThrownBy(() -> parse("--crowd", "5"))
        .hasMessage("--crowd needs a --coordinator to take part with");
    for (String address : List.of("9000", "localhost", ":9000", "localhost:0", "localhost:65536")) {
      assertThatThrownBy(() -> parse("--coordinator", address))
          .hasMessage(
              "--coordinator is \"%s\", must be HOST:PORT with a port of 1 to 65535, e.g."
                  + " localhost:9000",
              address);
    }
  }
}
