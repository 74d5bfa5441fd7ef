package io.harveymq.broker.tls;

/** Whether clients have to show a certificate. Any thread. */
public enum ClientCertificates {
  /** They are not asked for one: {@code verify_none}. */
  NONE,
  /** They are asked, may have none, and one that is shown must be good: {@code verify_peer}. */
  OPTIONAL,
  /** They must show a good one: {@code verify_peer} with {@code fail_if_no_peer_cert}. */
  REQUIRED
}
