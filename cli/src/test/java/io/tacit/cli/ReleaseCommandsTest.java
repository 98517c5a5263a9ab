package io.tacit.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.tacit.protocol.ContentHash;
import io.tacit.protocol.PlanId;
import io.tacit.protocol.crypto.TaskKeyPair;
import io.tacit.protocol.model.ModelParameters;
import io.tacit.protocol.plan.Release;
import io.tacit.protocol.plan.ReleaseShare;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReleaseCommandsTest {

  private static final TaskKeyPair OWNER = TaskKeyPair.generate(new SecureRandom());
  private static final ModelParameters OLD = ModelParameters.copyOf(new float[] {3, 4, 0});
  private static final ModelParameters NEW = ModelParameters.copyOf(new float[] {3, 4, 2});

  private static final String ONE_RELEASE =
      """
      [{"plan": "shop", "number": 1, "modelVersion": 5, "modelHash": "ab", "share": 1.0,
        "inForce": true, "signedBy": "0123456789abcdef", "releasedAt": "2026-11-24T10:00:00Z"}]
      """;
  private static final String TWO_RELEASES =
      """
      [{"plan": "shop", "number": 2, "modelVersion": 5, "modelHash": "ab", "share": 1.0,
        "inForce": true, "signedBy": "0123456789abcdef", "releasedAt": "2026-11-24T11:00:00Z"},
       {"plan": "shop", "number": 1, "modelVersion": 3, "modelHash": "cd", "share": 1.0,
        "inForce": false, "signedBy": "0123456789abcdef", "releasedAt": "2026-11-24T10:00:00Z"}]
      """;

  /** Version 3 for all, then version 5 for a tenth of the devices and for a half. */
  private static final String TWO_SHARES =
      """
      [{"plan": "shop", "number": 3, "modelVersion": 5, "modelHash": "ab", "share": 0.5,
        "inForce": true, "signedBy": "0123456789abcdef", "releasedAt": "2026-11-24T12:00:00Z"},
       {"plan": "shop", "number": 2, "modelVersion": 5, "modelHash": "ab", "share": 0.1,
        "inForce": false, "signedBy": "0123456789abcdef", "releasedAt": "2026-11-24T11:00:00Z"},
       {"plan": "shop", "number": 1, "modelVersion": 3, "modelHash": "cd", "share": 1.0,
        "inForce": true, "signedBy": "0123456789abcdef", "releasedAt": "2026-11-24T10:00:00Z"}]
      """;

  @TempDir Path directory;
  private RestCoordinator coordinator;

  @BeforeEach
  void start() throws IOException {
    coordinator = new RestCoordinator();
  }

  @AfterEach
  void stop() {
    coordinator.close();
  }

  private CommandRun run(String... arguments) {
    return CommandRun.of(
        Stream.concat(
                Stream.of("model"),
                Stream.concat(
                    Stream.of(arguments), Stream.of("--url", coordinator.url().toString())))
            .toArray(String[]::new));
  }

  private CommandRun signed(String... arguments) throws IOException {
    Path key = directory.resolve("task.pem");
    if (!Files.exists(key)) {
      Files.createFile(
          key, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
      Files.writeString(key, OWNER.toPem());
    }
    return run(
        Stream.concat(Stream.of(arguments), Stream.of("--key", key.toString()))
            .toArray(String[]::new));
  }

  private void releases(String releases) {
    for (int limit : new int[] {1, 1000}) {
      coordinator.json("GET /api/v1/releases?plan=shop&limit=" + limit, 200, releases);
    }
  }

  private void version(String asked, int version, ModelParameters model) {
    coordinator.json(
        "GET /api/v1/models/shop/" + asked,
        200,
        """
        {"plan": "shop", "version": %d, "round": %d, "parent": %d, "hash": "%s", "parameters": 3,
         "clients": 120, "meanLoss": 0.5, "bytes": 24, "createdAt": "2026-11-24T10:00:00Z"}
        """
            .formatted(version, version + 1, version - 1, model.contentHash()));
    coordinator.answer(
        "GET /api/v1/models/shop/" + version + "/file",
        200,
        "application/octet-stream",
        Map.of("ETag", '"' + model.contentHash().toHex() + '"'),
        model.toBytes());
  }

  private void assertReleased(int number, int version, ContentHash hash) {
    assertReleased(number, version, hash, ReleaseShare.ALL);
  }

  private void assertReleased(int number, int version, ContentHash hash, ReleaseShare share) {
    List<byte[]> bodies = coordinator.bodies();
    assertThat(Release.fromBytes(bodies.get(bodies.size() - 1)))
        .isEqualTo(Release.sign(new PlanId("shop"), number, version, hash, share, OWNER));
  }

  @Test
  void signs_the_latest_version_in_place_of_the_release_in_force() throws IOException {
    releases(ONE_RELEASE);
    version("latest", 7, NEW);
    coordinator.json("POST /api/v1/releases", 201, "{\"number\": 2}");

    CommandRun run = signed("release", "shop");

    assertThat(run)
        .isEqualTo(
            new CommandRun(
                0,
                "Release 2 of plan shop is in force: model version 7, hash "
                    + NEW.contentHash()
                    + ", in place of release 1.\n",
                ""));
    assertReleased(2, 7, NEW.contentHash());
    assertThat(signed("release", "shop", "--json").json().path("number").asInt()).isEqualTo(2);
  }

  @Test
  void the_first_release_replaces_none() throws IOException {
    releases("[]");
    version("7", 7, NEW);
    coordinator.json("POST /api/v1/releases", 201, "{\"number\": 1}");

    assertThat(signed("release", "shop", "7").out())
        .isEqualTo(
            "Release 1 of plan shop is in force: model version 7, hash "
                + NEW.contentHash()
                + ".\n");
    assertReleased(1, 7, NEW.contentHash());
  }

  @Test
  void signs_the_file_that_was_examined_and_the_number_that_was_named() throws IOException {
    releases(ONE_RELEASE);
    version("7", 7, NEW);
    coordinator.json("POST /api/v1/releases", 201, "{\"number\": 9}");
    Path file = Files.write(directory.resolve("model.bin"), OLD.toBytes());

    signed("release", "shop", "7", "--file", file.toString(), "--replaces", "8");

    assertReleased(9, 7, OLD.contentHash());
    assertThat(coordinator.requests()).noneMatch(request -> request.path().endsWith("/file"));
  }

  @Test
  void signs_a_share_of_the_devices_and_says_so() throws IOException {
    releases(ONE_RELEASE);
    version("latest", 7, NEW);
    coordinator.json("POST /api/v1/releases", 201, "{\"number\": 2, \"share\": 0.1}");

    CommandRun run = signed("release", "shop", "--share", "0.1");

    assertThat(run)
        .isEqualTo(
            new CommandRun(
                0,
                "Release 2 of plan shop is in force for 0.1 of the devices: model version 7, hash "
                    + NEW.contentHash()
                    + ", in place of release 1.\n",
                ""));
    assertReleased(2, 7, NEW.contentHash(), new ReleaseShare(1_000));
    assertThat(
            signed("release", "shop", "--share", "0.1", "--json").json().path("share").asDouble())
        .isEqualTo(0.1);
  }

  @Test
  void gives_the_same_version_to_a_larger_share_and_then_to_all() throws IOException {
    releases(TWO_SHARES);
    version("5", 5, NEW);
    coordinator.json("POST /api/v1/releases", 201, "{\"number\": 4}");

    signed("release", "shop", "5", "--share", "0.75");
    assertReleased(4, 5, NEW.contentHash(), new ReleaseShare(7_500));

    assertThat(signed("release", "shop", "5").out())
        .startsWith("Release 4 of plan shop is in force: model version 5, ");
    assertReleased(4, 5, NEW.contentHash());
  }

  @Test
  void refuses_shares_that_are_none_before_it_asks_anybody() throws IOException {
    for (String share : new String[] {"0", "-0.1", "1.0001", "0.00005", "1e9", "1e-9"}) {
      CommandRun run = signed("release", "shop", "--share", share);
      assertThat(run.exitCode()).isEqualTo(1);
      assertThat(run.err())
          .isEqualTo(
              "The share is "
                  + new BigDecimal(share)
                  + ", must be above 0 to 1 in steps of 0.0001; 1 gives it to all devices.\n");
    }
    assertThat(signed("release", "shop", "--share", "half").exitCode()).isEqualTo(2);
    assertThat(coordinator.requests()).isEmpty();
  }

  @Test
  void takes_back_what_a_share_of_the_devices_has_by_a_release_for_all() throws IOException {
    releases(TWO_SHARES);
    version("3", 3, OLD);
    coordinator.json("POST /api/v1/releases", 201, "{\"number\": 4}");

    assertThat(signed("rollback", "shop").out())
        .isEqualTo(
            "Release 4 of plan shop is in force: model version 3, hash "
                + OLD.contentHash()
                + ", in place of release 3.\n");
    assertReleased(4, 3, OLD.contentHash());
  }

  @Test
  void goes_back_past_the_shares_by_which_all_devices_got_a_version() throws IOException {
    releases(
        TWO_SHARES
            .replace("\"number\": 3", "\"number\": 4")
            .replace("\"share\": 0.5", "\"share\": 1.0"));
    version("3", 3, OLD);
    coordinator.json("POST /api/v1/releases", 201, "{\"number\": 5}");

    assertThat(signed("rollback", "shop").exitCode()).isZero();
    assertReleased(5, 3, OLD.contentHash());
  }

  @Test
  void shows_the_shares_of_a_version() throws IOException {
    releases(TWO_SHARES);
    version("5", 5, NEW);

    assertThat(run("show", "shop", "5").out())
        .endsWith(
            """
            RELEASE  AT                    SHARE  SIGNED WITH   STATE
                  3  2026-11-24T12:00:00Z    0.5  0123456789ab  in force
                  2  2026-11-24T11:00:00Z    0.1  0123456789ab  replaced
            """);
    assertThat(run("show", "shop", "5", "--json").json().at("/releases/1/share").asDouble())
        .isEqualTo(0.1);
  }

  @Test
  void goes_back_to_the_version_of_the_release_before_or_to_a_named_one() throws IOException {
    releases(TWO_RELEASES);
    version("3", 3, OLD);
    version("1", 1, NEW);
    coordinator.json("POST /api/v1/releases", 201, "{\"number\": 3}");

    assertThat(signed("rollback", "shop").out())
        .isEqualTo(
            "Release 3 of plan shop is in force: model version 3, hash "
                + OLD.contentHash()
                + ", in place of release 2.\n");
    assertReleased(3, 3, OLD.contentHash());

    signed("rollback", "shop", "--to", "1");
    assertReleased(3, 1, NEW.contentHash());
  }

  @Test
  void tells_a_release_from_a_rollback() throws IOException {
    releases(TWO_RELEASES);
    version("3", 3, OLD);

    assertThat(signed("release", "shop", "3"))
        .isEqualTo(
            new CommandRun(
                1,
                "",
                "Version 3 is older than version 5, which release 2 gives to devices; to go back,"
                    + " use tacit model rollback --to 3.\n"));
    assertThat(signed("rollback", "shop", "--to", "5").err())
        .isEqualTo(
            "Version 5 is not older than version 5, which release 2 gives to devices; name an older"
                + " one with --to, or use tacit model release.\n");
    assertThat(signed("rollback", "shop", "--to", "0").err())
        .isEqualTo(
            "Version 0 is not released: released versions are those that rounds made, from 1.\n");
    assertThat(coordinator.bodies()).allMatch(body -> body.length == 0);
  }

  @Test
  void goes_back_from_nothing_and_to_nothing_never() throws IOException {
    coordinator
        .json("GET /api/v1/releases?plan=shop&limit=1000", 200, "[]")
        .json("GET /api/v1/releases?plan=shop&limit=1000", 200, ONE_RELEASE);
    assertThat(signed("rollback", "shop").err())
        .isEqualTo(
            "Nothing is released of plan shop, so there is nothing to go back from; see tacit model"
                + " release.\n");
    assertThat(signed("rollback", "shop").err())
        .isEqualTo("Release 1 is the only one of plan shop; name an older version with --to.\n");
  }

  @Test
  void says_what_the_coordinator_says_of_a_release_that_came_second() throws IOException {
    releases(ONE_RELEASE);
    version("7", 7, NEW);
    coordinator.problem(
        "POST /api/v1/releases", 409, "{\"status\": 409, \"detail\": \"release 2 is in force\"}");

    assertThat(signed("release", "shop", "7"))
        .isEqualTo(new CommandRun(3, "", "Refused: release 2 is in force\n"));
  }

  @Test
  void shows_where_a_version_comes_from_and_its_releases() throws IOException {
    releases(TWO_RELEASES);
    version("5", 5, NEW);
    version("4", 4, OLD);

    assertThat(run("show", "shop", "5").out())
        .isEqualTo(
            """
            plan             shop
            version          5
            parent           4
            round            6
            updates          120
            mean loss        0.5000
            hash             %s
            optimiser state  -
            parameters       3, 24 B
            created          2026-11-24T10:00:00Z

            RELEASE  AT                    SHARE  SIGNED WITH   STATE
                  2  2026-11-24T11:00:00Z      1  0123456789ab  in force
            """
                .formatted(NEW.contentHash()));
    assertThat(run("show", "shop", "4").out()).endsWith("\n\nNot released.\n");
    assertThat(run("show", "shop", "5", "--json").json().at("/releases/0/number").asInt())
        .isEqualTo(2);
  }

  @Test
  void measures_what_is_different_between_two_versions() throws IOException {
    version("3", 3, OLD);
    version("5", 5, NEW);

    CommandRun run = run("diff", "shop", "3", "5");

    assertThat(run.out())
        .isEqualTo(
            """
            VERSION  ROUND  PARENT  UPDATES  MEAN LOSS  CREATED               HASH
                  3      4       2      120     0.5000  2026-11-24T10:00:00Z  %.12s
                  5      6       4      120     0.5000  2026-11-24T10:00:00Z  %.12s
            1 of 3 parameters are different: distance 2.00000, largest difference 2.00000, cosine \
            0.928477
            """
                .formatted(OLD.contentHash(), NEW.contentHash()));
    assertThat(run("diff", "shop", "3", "5", "--json").json().at("/parameters/distance").asInt())
        .isEqualTo(2);
  }

  @Test
  void a_key_that_others_may_read_signs_nothing() throws IOException {
    releases("[]");
    version("7", 7, NEW);
    Path key = Files.writeString(directory.resolve("open.pem"), OWNER.toPem(), UTF_8);
    Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-r--r--"));

    CommandRun run = run("release", "shop", "7", "--key", key.toString());

    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.err()).contains("has permissions rw-r--r--, must be for its owner only");
    assertThat(coordinator.bodies()).allMatch(body -> body.length == 0);
  }

  @Test
  void lists_candidates_with_what_was_measured_and_what_speaks_against_them() {
    coordinator.json(
        "GET /api/v1/candidates?plan=shop",
        200,
        """
        [{"plan": "shop", "modelVersion": 8, "devices": 500, "mean": 0.31, "releasedMean": 0.6,
          "difference": -0.29, "standardError": 0.03, "objection": "worse", "detail": "...",
          "proposed": false},
         {"plan": "shop", "modelVersion": 7, "devices": 500, "mean": 0.65, "releasedMean": 0.6,
          "difference": 0.05, "standardError": 0.01, "proposed": true},
         {"plan": "shop", "modelVersion": 6, "devices": 500, "mean": 0.64, "releasedMean": 0.6,
          "difference": 0.04, "standardError": 0.01, "proposed": false}]
        """);

    assertThat(run("candidates", "shop").out())
        .isEqualTo(
            """
            VERSION  DEVICES    MEAN  RELEASED  DIFFERENCE      +-  STATE
                  8      500  0.3100    0.6000     -0.2900  0.0300  worse
                  7      500  0.6500    0.6000      0.0500  0.0100  proposed
                  6      500  0.6400    0.6000      0.0400  0.0100  may be proposed
            """);
  }

  @Test
  void shows_what_devices_measured_and_hides_small_groups() {
    String metrics =
        """
        {"plan": "shop", "firstMetric": "HR@10", "secondMetric": "NDCG@10", "measured": [
          {"modelVersion": 8, "group": "few", "source": "round", "round": 9, "suppressed": true,
           "noise": 3.456},
          {"modelVersion": 8, "group": "held-back", "source": "round", "round": 9,
           "suppressed": false, "devices": 120.4, "first": 0.31, "firstError": 0.06,
           "second": 0.2, "secondError": 0.05, "noise": 3.456},
          {"modelVersion": 7, "group": "held-back", "source": "report", "suppressed": false,
           "devices": 500, "first": 0.65, "firstError": 0.02, "noise": 0}]}
        """;
    coordinator.json("GET /api/v1/plans/shop/metrics", 200, metrics);
    coordinator.json("GET /api/v1/plans/shop/metrics?version=8", 200, metrics);

    assertThat(run("metrics", "shop").out())
        .isEqualTo(
            """
            VERSION  GROUP      DEVICES   HR@10      +-  NDCG@10      +-  SUMS
                  8  few              -       -       -        -       -  suppressed, round 9
                  8  held-back      120  0.3100  0.0600   0.2000  0.0500  with noise of 3.46, round 9
                  7  held-back      500  0.6500  0.0200        -       -  exact, report
            """);
    assertThat(run("metrics", "shop", "8").exitCode()).isZero();
    assertThat(coordinator.requests())
        .extracting(RestCoordinator.Request::path)
        .endsWith("/api/v1/plans/shop/metrics?version=8");
  }

  @Test
  void proposes_a_version_and_says_how_it_is_released() {
    coordinator.json(
        "POST /api/v1/candidates/shop/7",
        200,
        """
        {"plan": "shop", "modelVersion": 7, "devices": 500, "difference": 0.05,
         "standardError": 0.01, "proposed": true}
        """);

    assertThat(run("propose", "shop", "7").out())
        .isEqualTo(
            "Version 7 of plan shop is proposed: +0.0500 against the released version, standard"
                + " error 0.0100, by 500 devices. To release it: tacit model release shop 7 --key"
                + " KEY.\n");
  }

  @Test
  void a_version_that_is_not_proposed_is_refused_with_the_figures() {
    coordinator.problem(
        "POST /api/v1/candidates/shop/8",
        409,
        """
        {"title": "Conflict with what is there", "status": 409,
         "detail": "version 8 of plan shop is not proposed: its mean is -0.2900 against it"}
        """);

    CommandRun run = run("propose", "shop", "8");

    assertThat(run.exitCode()).isEqualTo(3);
    assertThat(run.out()).isEmpty();
    assertThat(run.err())
        .isEqualTo(
            "Refused: version 8 of plan shop is not proposed: its mean is -0.2900 against it\n");
  }

  @Test
  void sends_the_sums_that_devices_measured() {
    coordinator.json(
        "POST /api/v1/candidates/shop/7/metrics", 200, "{\"devices\": 700, \"mean\": 0.6}");

    CommandRun run =
        run("measured", "shop", "7", "--devices", "500", "--total", "310", "--squares", "305.5");

    assertThat(run.out())
        .isEqualTo(
            "Version 7 of plan shop was measured by 700 devices of group held-back: mean"
                + " 0.6000.\n");
    assertThat(new String(coordinator.bodies().get(0), UTF_8))
        .isEqualTo("{\"group\":\"held-back\",\"devices\":500,\"total\":310.0,\"squares\":305.5}");
  }

  @Test
  void says_nothing_of_a_group_that_is_too_small_to_be_shown() {
    coordinator.json(
        "POST /api/v1/candidates/shop/7/metrics",
        200,
        "{\"group\": \"few\", \"suppressed\": true}");

    CommandRun run =
        run(
            "measured",
            "shop",
            "7",
            "--group",
            "few",
            "--devices",
            "9",
            "--total",
            "3",
            "--squares",
            "3");

    assertThat(run.out())
        .isEqualTo(
            "Version 7 of plan shop was measured by too few devices of group few to show what they"
                + " found; it is kept.\n");
  }
}
