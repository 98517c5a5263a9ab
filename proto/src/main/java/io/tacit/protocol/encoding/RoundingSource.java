package io.tacit.protocol.encoding;

/**
 * The coin of stochastic rounding. In production it must not be predictable by anyone else, because
 * the fraction it hides is private: draw it from a secure generator. Simulations may use a seeded
 * one.
 */
@FunctionalInterface
public interface RoundingSource {

  /** Uniform in [0, 1), with at least 24 bits. */
  double nextUnit();
}
