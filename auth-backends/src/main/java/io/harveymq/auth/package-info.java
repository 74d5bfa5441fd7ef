/**
 * Authentication backends that ask somebody else: a web service, an OAuth 2 provider's keys; and a
 * cache in front of them. Only the launcher knows this package, and only where one is configured.
 */
package io.harveymq.auth;
