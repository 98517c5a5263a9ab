package io.tacit.simulation.fedavg;

import io.tacit.simulation.population.ClosingApps;

/**
 * What is tried.
 *
 * @param clients K, devices that share the images, 2 to 10 000
 * @param share C, how much of them a round takes, above 0 to 1
 * @param epochs E of FedAvg, 1 to 100
 * @param batch B of FedAvg, 1 to 65 536
 * @param rate of FedAvg on the device, above 0 to 10
 * @param sgdRate of FedSGD
 * @param rounds of FedAvg, 1 to 10 000
 * @param sgdRounds of FedSGD
 * @param overSelection with apps that close: so many times the cohort are assigned, 1 to 10
 * @param dropout share of participations that end early then, 0 to {@link ClosingApps#SHARE_MAX}
 * @param judgeEvery test every so many rounds, and after the last
 */
public record FedAvgSettings(
    int clients,
    double share,
    int epochs,
    int batch,
    double rate,
    double sgdRate,
    int rounds,
    int sgdRounds,
    double overSelection,
    double dropout,
    int judgeEvery) {

  public FedAvgSettings {
    require("--clients", clients, 2, 10_000);
    require("--share", share, Double.MIN_NORMAL, 1);
    require("--epochs", epochs, 1, 100);
    require("--batch", batch, 1, 65_536);
    require("--rate", rate, Double.MIN_NORMAL, 10);
    require("--sgd-rate", sgdRate, Double.MIN_NORMAL, 10);
    require("--rounds", rounds, 1, 10_000);
    require("--sgd-rounds", sgdRounds, 1, 10_000);
    require("--over-selection", overSelection, 1, 10);
    require("--dropout", dropout, 0, ClosingApps.SHARE_MAX);
    require("--judge-every", judgeEvery, 1, 10_000);
    if (Math.ceil(Math.max(1, Math.round(share * clients)) * overSelection) > clients) {
      throw new IllegalArgumentException(
          "--share is "
              + share
              + ", must leave room for --over-selection "
              + overSelection
              + " among "
              + clients
              + " clients; lower it");
    }
  }

  /** Devices in a round: {@code max(C K, 1)}. */
  public int cohort() {
    return (int) Math.max(1, Math.round(share * clients));
  }

  /** Rounds of a method. */
  public int rounds(Method method) {
    return method == Method.FEDSGD ? sgdRounds : rounds;
  }

  /** The device's rate under a method. */
  public double rate(Method method) {
    return method == Method.FEDSGD ? sgdRate : rate;
  }

  private static void require(String option, double value, double min, double max) {
    if (!(value >= min && value <= max)) {
      throw new IllegalArgumentException(
          option + " is " + number(value) + ", must be " + range(min, max));
    }
  }

  private static String range(double min, double max) {
    return (min == Double.MIN_NORMAL ? "above 0" : number(min)) + " to " + number(max);
  }

  private static String number(double value) {
    return value == Math.rint(value) ? Long.toString((long) value) : Double.toString(value);
  }
}
