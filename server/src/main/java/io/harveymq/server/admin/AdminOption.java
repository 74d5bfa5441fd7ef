package io.harveymq.server.admin;

import java.util.Locale;

/** The options of rabbitmqadmin, in the order of its help. */
public enum AdminOption {
  HELP("-h", "--help", null, null, "show this help and exit"),
  CONFIG("-c", "--config", "CONFIG", null, "file with settings [default: ~/.rabbitmqadmin.conf]"),
  NODE("-N", "--node", "NODE", "default", "the section of that file"),
  HOSTNAME("-H", "--host", "HOST", "localhost", "connect to this host"),
  PORT("-P", "--port", "PORT", "15672", "connect to this port"),
  PATH_PREFIX(null, "--path-prefix", "PATH_PREFIX", "", "what stands before /api in every path"),
  VHOST("-V", "--vhost", "VHOST", null, "the virtual host [default: list all, declare in /]"),
  USERNAME("-u", "--username", "USERNAME", "guest", "log in with this name"),
  PASSWORD("-p", "--password", "PASSWORD", "guest", "log in with this password"),
  BASE_URI("-U", "--base-uri", "URI", null, "host, port, name and password as one URI"),
  VERBOSE("-q", "--quiet", null, null, "results without messages"),
  SSL("-s", "--ssl", null, null, "connect with TLS"),
  SSL_KEY_FILE(null, "--ssl-key-file", "SSL_KEY_FILE", null, "key of this client, PEM"),
  SSL_CERT_FILE(null, "--ssl-cert-file", "SSL_CERT_FILE", null, "certificate of this client, PEM"),
  SSL_CA_CERT_FILE(null, "--ssl-ca-cert-file", "SSL_CA_CERT_FILE", null, "whom to trust, PEM"),
  SSL_DISABLE_HOSTNAME_VERIFICATION(
      null, "--ssl-disable-hostname-verification", null, null, "accept a certificate of any host"),
  SSL_INSECURE("-k", "--ssl-insecure", null, null, "accept any certificate, as curl's -k"),
  REQUEST_TIMEOUT("-t", "--request-timeout", "REQUEST_TIMEOUT", "120", "seconds for an answer"),
  FORMAT("-f", "--format", "FORMAT", "table", "raw_json, pretty_json, tsv, long, table, kvp, bash"),
  SORT("-S", "--sort", "SORT", null, "the column that lists are sorted by"),
  SORT_REVERSE("-R", "--sort-reverse", null, null, "sort the other way round"),
  DEPTH("-d", "--depth", "DEPTH", "1", "how deep columns may lie in what is listed"),
  BASH_COMPLETION(null, "--bash-completion", null, null, "not here: see 'harvey completion bash'"),
  VERSION(null, "--version", null, null, "show the version and exit"),

  /** In the file only: the virtual host of what has one if no option says another. */
  DECLARE_VHOST(null, null, "VHOST", "/", "");

  private final String letter;
  private final String word;
  private final String value;
  private final String otherwise;
  private final String help;

  AdminOption(String letter, String word, String value, String otherwise, String help) {
    this.letter = letter;
    this.word = word;
    this.value = value;
    this.otherwise = otherwise;
    this.help = help;
  }

  /** With its dash, or null. */
  public String letter() {
    return letter;
  }

  /** With its dashes; null when it can be in the file only. */
  public String word() {
    return word;
  }

  /** Whether a value follows. */
  public boolean hasValue() {
    return value != null;
  }

  /** What the help calls the value. */
  String valueName() {
    return value;
  }

  /** The value if none is given, or null. */
  String otherwise() {
    return otherwise;
  }

  /** What it does, for the help. */
  String help() {
    return help;
  }

  /** Its name in the file. */
  String key() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** What it is set to when it is given and has no value: quiet is the absence of being verbose. */
  String whenGiven() {
    return this == VERBOSE ? "False" : "True";
  }
}
