#pragma once

#include <parley/net/server.hpp>

#include <gtest/gtest.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include <cstdio>
#include <filesystem>
#include <memory>
#include <string>

namespace parley::net {

/// A key of its own and a certificate that vouches for itself, good for an hour.
class Identity {
 public:
  explicit Identity(const std::string& name) : key_{EVP_EC_gen("P-256")}, certificate_{X509_new()} {
    ASN1_INTEGER_set(X509_get_serialNumber(certificate_.get()), 1);
    X509_gmtime_adj(X509_getm_notBefore(certificate_.get()), 0);
    X509_gmtime_adj(X509_getm_notAfter(certificate_.get()), 3600);
    auto* const subject = X509_get_subject_name(certificate_.get());
    X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_ASC,
                               reinterpret_cast<const unsigned char*>(name.c_str()), -1, -1, 0);
    X509_set_issuer_name(certificate_.get(), subject);
    X509_set_pubkey(certificate_.get(), key_.get());
    EXPECT_GT(X509_sign(certificate_.get(), key_.get(), EVP_sha256()), 0);
  }

  void write_certificate(const std::string& file) const {
    const Open open{std::fopen(file.c_str(), "w")};
    EXPECT_EQ(PEM_write_X509(open.get(), certificate_.get()), 1);
  }

  /// With a passphrase if there is one.
  void write_key(const std::string& file, const std::string& passphrase = {}) const {
    const Open open{std::fopen(file.c_str(), "w")};
    auto* const phrase = reinterpret_cast<const unsigned char*>(passphrase.data());
    EXPECT_EQ(PEM_write_PrivateKey(open.get(), key_.get(),
                                   passphrase.empty() ? nullptr : EVP_aes_128_cbc(), phrase,
                                   static_cast<int>(passphrase.size()), nullptr, nullptr),
              1);
  }

 private:
  template <auto free>
  using Freed = decltype([](auto* what) { free(what); });
  using Open = std::unique_ptr<std::FILE, Freed<std::fclose>>;

  std::unique_ptr<EVP_PKEY, Freed<EVP_PKEY_free>> key_;
  std::unique_ptr<X509, Freed<X509_free>> certificate_;
};

/// A directory with a certificate and its key, gone at the end.
class TlsDirectory {
 public:
  TlsDirectory() {
    std::string place = (std::filesystem::temp_directory_path() / "parley-XXXXXX").string();
    directory_ = ::mkdtemp(place.data());
    put(Identity{"first"});
  }
  ~TlsDirectory() { std::filesystem::remove_all(directory_); }
  TlsDirectory(const TlsDirectory&) = delete;
  TlsDirectory& operator=(const TlsDirectory&) = delete;

  TlsFiles files() const {
    return {(directory_ / "certificate.pem").string(), (directory_ / "key.pem").string()};
  }
  void put(const Identity& identity) const {
    identity.write_certificate(files().certificate);
    identity.write_key(files().key);
  }

 private:
  std::filesystem::path directory_;
};

}  // namespace parley::net
