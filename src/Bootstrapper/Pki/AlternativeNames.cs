using System.Net;
using Org.BouncyCastle.Asn1;
using Org.BouncyCastle.Asn1.X509;

namespace Bootstrapper.Pki;

/// <summary>Subject alternative names as they were asked for (RFC 5280, 4.2.1.6), those of other kinds counted.</summary>
internal sealed record AlternativeNames(IReadOnlyList<string> DnsNames, IReadOnlyList<IPAddress> Addresses, int Others)
{
    /// <exception cref="ArgumentException">It is no list of names.</exception>
    public static AlternativeNames Read(Asn1Object extension)
    {
        var names = GeneralNames.GetInstance(extension).GetNames().ToLookup(name => name.TagNo, name => name.Name);
        return new AlternativeNames(
            [.. names[GeneralName.DnsName].Select(name => DerIA5String.GetInstance(name).GetString())],
            [.. names[GeneralName.IPAddress].Select(name => new IPAddress(Asn1OctetString.GetInstance(name).GetOctets()))],
            names.Where(kind => kind.Key is not (GeneralName.DnsName or GeneralName.IPAddress)).Sum(kind => kind.Count()));
    }
}
