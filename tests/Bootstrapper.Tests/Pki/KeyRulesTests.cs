using Bootstrapper.Pki;
using Org.BouncyCastle.Asn1;
using Org.BouncyCastle.Asn1.Pkcs;
using Org.BouncyCastle.Asn1.X509;
using Org.BouncyCastle.Math;

namespace Bootstrapper.Tests.Pki;

/// <summary>Keys that no program here would make, and a hand may.</summary>
public sealed class KeyRulesTests
{
    private const int Usual = 65537;

    [Theory]
    [InlineData(3L, true)]
    [InlineData((long)Usual, true)]
    [InlineData((long)int.MaxValue, true)]
    [InlineData(1L, false)]
    [InlineData(2L, false)]
    [InlineData(Usual + 1L, false)]
    [InlineData(int.MaxValue + 2L, false)]
    public void The_exponent_of_an_RSA_key_is_odd_and_one_that_Go_reads(long exponent, bool taken) =>
        Assert.Equal(
            taken ? null : $"is an RSA key with the public exponent {exponent}, which Go does not accept (65537 is usual)",
            KeyRules.Objection(Rsa(2048, exponent)));

    [Theory]
    [InlineData(2047, false)]
    [InlineData(2048, true)]
    [InlineData(8192, true)]
    [InlineData(8193, false)]
    public void An_RSA_key_has_2048_to_8192_bits(int bits, bool taken) =>
        Assert.Equal(taken ? null : $"is an RSA key of {bits} bits", KeyRules.Objection(Rsa(bits, Usual)));

    [Theory]
    [InlineData(Usual - 2L, false)]
    [InlineData((long)Usual, true)]
    public void A_new_RSA_key_has_the_usual_exponent_or_a_larger_one(long exponent, bool taken)
    {
        Assert.Null(KeyRules.Objection(Rsa(2048, exponent)));
        Assert.Equal(taken, KeyRules.ObjectionToNew(Rsa(2048, exponent)) is null);
    }

    private static SubjectPublicKeyInfo Rsa(int bits, long exponent) => new(
        new AlgorithmIdentifier(PkcsObjectIdentifiers.RsaEncryption, DerNull.Instance),
        new RsaPublicKeyStructure(BigInteger.One.ShiftLeft(bits - 1).Add(BigInteger.One), BigInteger.ValueOf(exponent)));
}
