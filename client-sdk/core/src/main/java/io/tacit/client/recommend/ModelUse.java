package io.tacit.client.recommend;

import io.tacit.protocol.Internal;

/** What a model does for an app. */
@Internal
public enum ModelUse {
  /** Over items: it recommends. */
  RECOMMENDATIONS,
  /** Over attributes: it predicts. */
  PREDICTIONS
}
