package io.harveymq.server.config;

import io.harveymq.broker.LoginRules;
import io.harveymq.broker.tls.CertificateLogin;
import io.harveymq.broker.tls.CertificateLogin.AlternativeName;
import io.harveymq.broker.tls.CertificateLogin.From;
import io.harveymq.broker.tls.ClientCertificates;
import io.harveymq.broker.tls.TlsOptions;
import io.harveymq.broker.tls.TlsVersion;
import io.harveymq.server.config.ManagementSettings.Endpoint;
import java.net.InetSocketAddress;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Reads {@link TlsSettings} from a configuration; the files are not looked at. One thread. */
public final class TlsKeys {
  private static final int MOST_PORT = 65_535;
  private static final int MOST_DEPTH = 100;
  private static final int MOST_MILLIS = 600_000;
  private static final String OFF = "off";

  /** Versions that RFC 8996 forbids. */
  private static final Set<String> TOO_OLD = Set.of("tlsv1.1", "tlsv1", "sslv3");

  /** Options of Erlang's TLS, or of RabbitMQ's web server, that have no counterpart here. */
  private static final Set<String> WITHOUT_EFFECT =
      Set.of(
          "honor_ecc_order",
          "client_renegotiation",
          "secure_renegotiate",
          "reuse_sessions",
          "hibernate_after",
          "bypass_pem_cache",
          "dh",
          "dhfile",
          "log_alert",
          "log_level",
          "backlog",
          "compress",
          "idle_timeout",
          "inactivity_timeout",
          "request_timeout",
          "shutdown_timeout",
          "max_keepalive");

  private final EffectiveConfig config;
  private final String bindAddress;

  /**
   * @param bindAddress where web servers listen unless an address is given
   */
  public TlsKeys(EffectiveConfig config, String bindAddress) {
    this.config = config;
    this.bindAddress = bindAddress;
  }

  /**
   * The settings.
   *
   * @throws UsageException for a value that is not allowed, or a file that is not named
   */
  public TlsSettings read() throws UsageException {
    List<InetSocketAddress> listeners = Listeners.withTls(config);
    TlsOptions common = options(ConfigKey.SSL_OPTIONS, null);
    if (!listeners.isEmpty() && common == null) {
      throw config
          .family(ConfigKey.LISTENERS_SSL)
          .get(0)
          .broken(
              "needs a certificate: set ssl_options.certfile and ssl_options.keyfile, or --tls-cert"
                  + " and --tls-key ('harvey tls dev' makes some for development)");
    }
    Map<String, String> places = new HashMap<>();
    for (ConfigKey family :
        List.of(ConfigKey.SSL_OPTIONS, ConfigKey.MANAGEMENT_SSL, ConfigKey.PROMETHEUS_SSL)) {
      config.family(family).forEach(entry -> places.put(entry.key(), entry.label()));
    }
    return new TlsSettings(
        listeners,
        listeners.isEmpty() ? null : common,
        web(ConfigKey.MANAGEMENT_SSL, common),
        web(ConfigKey.PROMETHEUS_SSL, common),
        Map.copyOf(places));
  }

  /**
   * How AMQP clients may log in, as far as TLS decides it.
   *
   * @throws UsageException for a value that is not allowed
   */
  public LoginRules login() throws UsageException {
    ConfigEntry from = config.entry(ConfigKey.SSL_CERT_LOGIN_FROM);
    From name =
        from.value().equals("subject_alt_name")
            ? From.SUBJECT_ALTERNATIVE_NAME
            : Values.constant(from, From.class);
    AlternativeName type =
        Values.constant(config.entry(ConfigKey.SSL_CERT_LOGIN_SAN_TYPE), AlternativeName.class);
    int index =
        (int) Values.integer(config.entry(ConfigKey.SSL_CERT_LOGIN_SAN_INDEX), 0, MOST_PORT);
    return LoginRules.DEFAULT
        .withCertificates(new CertificateLogin(name, type, index))
        .withSecretsOverTls(Values.flag(config.entry(ConfigKey.PASSWORDS_NEED_TLS)));
  }

  private Map<String, ConfigEntry> members(ConfigKey family) {
    Map<String, ConfigEntry> members = new LinkedHashMap<>();
    for (ConfigEntry entry : config.family(family)) {
      if (!entry.member(family).isEmpty()) {
        members.put(entry.member(family), entry);
      }
    }
    return members;
  }

  private TlsSettings.Web web(ConfigKey family, TlsOptions common) throws UsageException {
    Map<String, ConfigEntry> members = members(family);
    ConfigEntry port = members.remove("port");
    ConfigEntry ip = members.remove("ip");
    Endpoint nowhere = new Endpoint(false, bindAddress, 0);
    if (port == null || port.value().equals(OFF)) {
      if (!members.isEmpty() && port == null) {
        ConfigEntry first = members.values().iterator().next();
        config.notices().warn(first.label() + " has no effect without " + family.key() + ".port");
      }
      return new TlsSettings.Web(nowhere, null);
    }
    TlsOptions options = options(family, common);
    if (options == null) {
      throw port.broken(
          "needs a certificate: set "
              + family.key()
              + ".certfile and .keyfile, ssl_options.certfile and .keyfile, or --tls-cert and"
              + " --tls-key");
    }
    int number = (int) Values.integer(port, 0, MOST_PORT);
    String address = ip == null ? bindAddress : Values.text(ip);
    return new TlsSettings.Web(new Endpoint(true, address, number), options);
  }

  /**
   * The options of a family.
   *
   * @param common what is used when there is no certificate among them; null for none
   * @return null when there is no certificate
   */
  private TlsOptions options(ConfigKey family, TlsOptions common) throws UsageException {
    Map<String, ConfigEntry> members = members(family);
    for (ConfigEntry entry : members.values()) {
      check(entry, entry.member(family));
    }
    ConfigEntry certFile = members.get("certfile");
    if (certFile == null && common == null) {
      return null;
    }
    TlsOptions files =
        certFile == null
            ? common
            : TlsOptions.of(path(certFile), path(members.get("keyfile")))
                .withPassword(text(members.get("password")));
    return withRules(files, members)
        .withVersions(versions(members, files.versions()))
        .withCiphers(
            ciphers(members, files.ciphers()),
            flag(members.get("honor_cipher_order"), files.serverPrefers()))
        .withHandshakeMillis(
            (int) Values.integer(config.entry(ConfigKey.SSL_HANDSHAKE_TIMEOUT), 1, MOST_MILLIS));
  }

  private void check(ConfigEntry entry, String member) throws UsageException {
    switch (member) {
      case "certfile", "keyfile", "cacertfile", "password", "verify", "fail_if_no_peer_cert" -> {}
      case "depth", "honor_cipher_order", "port", "ip" -> {}
      case "crl_check" -> {
        if (!entry.value().equals("false")) {
          throw entry.broken("must be false: Harvey does not look up revoked certificates");
        }
      }
      default -> {
        if (WITHOUT_EFFECT.contains(member)) {
          config.notices().remark(entry.label() + " is without effect in Harvey");
        } else if (!member.startsWith("versions.") && !member.startsWith("ciphers.")) {
          config
              .notices()
              .warn(entry.label() + " is not a key that Harvey knows; it is passed over");
        }
      }
    }
  }

  private static TlsOptions withRules(TlsOptions options, Map<String, ConfigEntry> members)
      throws UsageException {
    ConfigEntry verify = members.get("verify");
    ConfigEntry demand = members.get("fail_if_no_peer_cert");
    ConfigEntry depth = members.get("depth");
    TlsOptions with = options;
    Path authorities =
        members.containsKey("cacertfile") ? path(members.get("cacertfile")) : options.caFile();
    ClientCertificates clients = options.clients();
    if (verify != null || demand != null) {
      boolean checked =
          verify == null
              ? clients != ClientCertificates.NONE
              : Values.word(verify, "verify_peer", "verify_none").equals("verify_peer");
      boolean required = flag(demand, clients == ClientCertificates.REQUIRED && verify == null);
      if (required && !checked) {
        throw demand.broken("needs verify = verify_peer");
      }
      clients =
          !checked
              ? ClientCertificates.NONE
              : required ? ClientCertificates.REQUIRED : ClientCertificates.OPTIONAL;
    }
    with = with.withClients(clients, authorities);
    return depth == null ? with : with.withDepth((int) Values.integer(depth, 0, MOST_DEPTH));
  }

  private List<TlsVersion> versions(Map<String, ConfigEntry> members, List<TlsVersion> others)
      throws UsageException {
    List<TlsVersion> versions = new ArrayList<>();
    ConfigEntry last = null;
    for (Map.Entry<String, ConfigEntry> member : members.entrySet()) {
      if (member.getKey().startsWith("versions.")) {
        last = member.getValue();
        switch (last.value()) {
          case "tlsv1.3" -> versions.add(TlsVersion.TLS_1_3);
          case "tlsv1.2" -> versions.add(TlsVersion.TLS_1_2);
          default -> {
            if (!TOO_OLD.contains(last.value())) {
              throw last.broken("must be tlsv1.3 or tlsv1.2");
            }
            config
                .notices()
                .warn(last.label() + ": " + last.value() + " is not offered, it is insecure");
          }
        }
      }
    }
    if (last != null && versions.isEmpty()) {
      throw last.broken("must be tlsv1.3 or tlsv1.2: what is older is insecure");
    }
    return last == null ? others : versions;
  }

  private static List<String> ciphers(Map<String, ConfigEntry> members, List<String> others) {
    List<String> names = new ArrayList<>();
    members.forEach(
        (member, entry) -> {
          if (member.startsWith("ciphers.")) {
            names.add(entry.value());
          }
        });
    return names.isEmpty() ? others : names;
  }

  private static boolean flag(ConfigEntry entry, boolean otherwise) throws UsageException {
    return entry == null ? otherwise : Values.flag(entry);
  }

  private static String text(ConfigEntry entry) {
    return entry == null || entry.value().isEmpty() ? null : entry.value();
  }

  private static Path path(ConfigEntry entry) throws UsageException {
    if (entry == null) {
      return null;
    }
    try {
      return Path.of(Values.text(entry));
    } catch (InvalidPathException notAPath) {
      throw entry.broken("must be the path of a file");
    }
  }
}
