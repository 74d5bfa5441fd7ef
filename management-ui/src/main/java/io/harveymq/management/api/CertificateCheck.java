package io.harveymq.management.api;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.harveymq.broker.tls.TlsOptions;
import io.harveymq.management.Node;
import io.harveymq.management.http.Answer;
import io.harveymq.management.http.ApiException;
import io.harveymq.management.http.ApiRequest;
import io.harveymq.management.json.Json;
import io.harveymq.management.node.Listeners.Listener;
import java.math.BigInteger;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * {@code /api/health/checks/certificate-expiration}: looks at the certificates that are in use, of
 * all that is listened on with TLS. Owned by the HTTP server's event loop.
 */
final class CertificateCheck {
  private static final long DAY = 86_400;

  /** RabbitMQ's, by which a month is a twelfth of 365 days. */
  private static final Map<String, Long> SECONDS =
      Map.of("days", DAY, "weeks", 7 * DAY, "months", 365 * DAY / 12, "years", 365 * DAY);

  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd H:mm:ss").withZone(ZoneOffset.UTC);
  private static final BigInteger FURTHEST = BigInteger.valueOf(1L << 40);

  private final Node node;

  CertificateCheck(Node node) {
    this.node = node;
  }

  Answer check(ApiRequest request) {
    if (!request.path("within").matches("[+-]?[0-9]{1,1000}")) {
      throw ApiException.badRequest("Invalid expiration value.");
    }
    Long unit = SECONDS.get(request.path("unit").toLowerCase(Locale.ROOT));
    if (unit == null) {
      throw ApiException.badRequest(
          "Time unit not recognised. Supported units: days, weeks, months, years.");
    }
    long seconds =
        new BigInteger(request.path("within"))
            .multiply(BigInteger.valueOf(unit))
            .min(FURTHEST)
            .max(FURTHEST.negate())
            .longValue();
    Instant limit = Instant.now().plusSeconds(seconds);
    ArrayNode expired = Json.array();
    node.listeners().all().stream()
        .filter(listener -> listener.tls() != null)
        .forEach(listener -> addIfExpiring(expired, listener, limit));
    if (expired.isEmpty()) {
      return HealthResource.ok();
    }
    ObjectNode body = HealthResource.failed("Certificates expiring");
    body.set("expired", expired);
    return HealthResource.failure(body);
  }

  private void addIfExpiring(ArrayNode expired, Listener listener, Instant limit) {
    ArrayNode own = ends(listener.tls().certificates(), limit);
    ArrayNode authorities = ends(listener.tls().authorities(), limit);
    if (own.isEmpty() && authorities.isEmpty()) {
      return;
    }
    TlsOptions files = listener.tls().options();
    ObjectNode json = expired.addObject();
    json.put("node", node.name());
    json.put("protocol", listener.protocol());
    json.put("interface", listener.address());
    json.put("port", listener.port());
    json.put("certfile", files.certFile().toString());
    json.put("cacertfile", files.caFile() == null ? "undefined" : files.caFile().toString());
    json.set("certfile_expires_on", own);
    json.set("cacertfile_expires_on", authorities);
  }

  private static ArrayNode ends(List<X509Certificate> certificates, Instant limit) {
    ArrayNode ends = Json.array();
    for (X509Certificate certificate : certificates) {
      Instant end = certificate.getNotAfter().toInstant();
      if (end.isBefore(limit)) {
        ends.add(TIME.format(end));
      }
    }
    return ends;
  }
}
