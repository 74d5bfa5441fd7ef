package io.harveymq.broker.tls;

import java.util.List;

/** A version of TLS that is offered. What is older is not: RFC 8996 forbids it. Any thread. */
public enum TlsVersion {
  TLS_1_2("TLSv1.2"),
  TLS_1_3("TLSv1.3");

  /** Both. */
  public static final List<TlsVersion> ALL = List.of(TLS_1_3, TLS_1_2);

  private final String javaName;

  TlsVersion(String javaName) {
    this.javaName = javaName;
  }

  /** As Java calls it; RabbitMQ writes the same in small letters. */
  public String javaName() {
    return javaName;
  }
}
