using System.Globalization;
using System.Net;
using Org.BouncyCastle.Asn1;
using Org.BouncyCastle.Asn1.X509;
using Org.BouncyCastle.Pkix;
using Org.BouncyCastle.X509;

namespace Bootstrapper.Pki;

/// <summary>The names that a root may sign for (RFC 5280, 4.2.1.10), where it bears such a list.</summary>
internal sealed class RootConstraints
{
    private const int MostTold = 5;

    private readonly PkixNameConstraintValidator _names = new();
    private readonly List<GeneralSubtree> _subtrees;

    private RootConstraints(NameConstraints constraints)
    {
        var (permitted, excluded) =
            (constraints.PermittedSubtreesValue?.Elements, constraints.ExcludedSubtreesValue?.GetElements() ?? []);
        _subtrees = [.. permitted?.Select(GeneralSubtree.GetInstance) ?? [], .. excluded];
        if (permitted is not null)
        {
            _names.IntersectPermittedSubtree(permitted);
        }

        foreach (var subtree in excluded)
        {
            _names.AddExcludedSubtree(subtree);
        }
    }

    /// <summary>What in them a client does not know, and therefore refuses; <c>null</c> when all know all of it.</summary>
    public string? Unknown =>
        _subtrees.Exists(subtree => subtree.Base.TagNo is not (GeneralName.DnsName or GeneralName.IPAddress
            or GeneralName.Rfc822Name or GeneralName.UniformResourceIdentifier))
            ? "of another kind than DNS names, addresses, mail addresses and URIs"
        : _subtrees.Exists(subtree => subtree.MinimumObject.Value.SignValue != 0 || subtree.MaximumObject is not null)
            ? "with minimum or maximum"
        : null;

    /// <returns><c>null</c> when it may sign for any name.</returns>
    /// <exception cref="ArgumentException">They cannot be read.</exception>
    public static RootConstraints? Of(X509Certificate root) =>
        root.GetExtensionValue(X509Extensions.NameConstraints) is { } value
            ? new(NameConstraints.GetInstance(Asn1Object.FromByteArray(value.GetOctets())))
            : null;

    /// <summary>Names of a certificate that clients would refuse in it.</summary>
    private IEnumerable<string> Refused(LeafProfile profile) =>
    [
        .. profile.DnsNames.Where(name => !Allows(new GeneralName(GeneralName.DnsName, name))),
        .. profile.Addresses.Where(address => !Allows(Name(address))).Select(address => address.ToString()),
    ];

    /// <exception cref="PkiException">Clients would refuse a name in one of these.</exception>
    /// <param name="file">The root's.</param>
    public void Require(string file, IEnumerable<LeafProfile> profiles)
    {
        var refused = profiles.SelectMany(Refused).Distinct(StringComparer.Ordinal).ToList();
        if (refused.Count > 0)
        {
            var more = refused.Count > MostTold
                ? string.Create(CultureInfo.InvariantCulture, $" and {refused.Count - MostTold} more")
                : "";
            throw new PkiException($"{file} may not sign for {string.Join(", ", refused.Take(MostTold))}{more}: its name "
                + "constraints do not permit it, and "
                + "clients would refuse the certificate; "
                + "give a root without name constraints, or with ones that permit every name of the cluster");
        }
    }

    private bool Allows(GeneralName name)
    {
        try
        {
            _names.CheckPermittedName(name);
            _names.CheckExcludedName(name);
            return true;
        }
        catch (PkixNameConstraintValidatorException)
        {
            return false;
        }
    }

    private static GeneralName Name(IPAddress address) =>
        new(GeneralName.IPAddress, new DerOctetString(address.GetAddressBytes()));
}
