using System.Formats.Asn1;
using System.Net;
using System.Security.Cryptography;

namespace Bootstrapper.Pki;

/// <summary>Subject alternative names as they were asked for (RFC 5280, 4.2.1.6), those of other kinds counted.</summary>
internal sealed record AlternativeNames(IReadOnlyList<string> DnsNames, IReadOnlyList<IPAddress> Addresses, int Others)
{
    private static readonly Asn1Tag Dns = new(TagClass.ContextSpecific, 2);
    private static readonly Asn1Tag Ip = new(TagClass.ContextSpecific, 7);

    /// <exception cref="CryptographicException">It is no list of names.</exception>
    public static AlternativeNames Read(ReadOnlyMemory<byte> extension)
    {
        try
        {
            return Read(new AsnReader(extension, AsnEncodingRules.DER).ReadSequence());
        }
        catch (Exception malformed) when (malformed is AsnContentException or ArgumentException)
        {
            throw new CryptographicException("the subject alternative names cannot be read", malformed);
        }
    }

    private static AlternativeNames Read(AsnReader names)
    {
        List<string> dnsNames = [];
        List<IPAddress> addresses = [];
        var others = 0;
        while (names.HasData)
        {
            var tag = names.PeekTag();
            if (tag == Dns)
            {
                dnsNames.Add(names.ReadCharacterString(UniversalTagNumber.IA5String, Dns));
            }
            else if (tag == Ip)
            {
                addresses.Add(new IPAddress(names.ReadOctetString(Ip)));
            }
            else
            {
                names.ReadEncodedValue();
                others++;
            }
        }

        return new AlternativeNames(dnsNames, addresses, others);
    }
}
