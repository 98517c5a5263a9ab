package io.tacit.simulation.fedavg;

import java.util.Locale;

/** How the devices train, and how reliable they are. */
public enum Method {
  /** FederatedAveraging: an epoch of small steps on each device. */
  FEDAVG("FedAvg"),
  /** The same with more devices assigned than needed, of which some close their app. */
  FEDAVG_DROPOUT("FedAvg, apps close"),
  /** FedSGD: one step on all of a device's images, which is a step on those of the cohort. */
  FEDSGD("FedSGD");

  private final String title;

  Method(String title) {
    this.title = title;
  }

  /** For people. */
  public String title() {
    return title;
  }

  /** The name in options and reports. */
  public String label() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
