using Bootstrapper.Pki;

namespace Bootstrapper.Http.Operators;

/// <summary>
/// Operators by their client certificates: by the organization, as Kubernetes does it: <c>bootstrapper:viewers</c>,
/// <c>bootstrapper:operators</c>, <c>bootstrapper:admins</c>.
/// </summary>
internal sealed class OperatorCertificates(Authorities authorities)
{
    private const string OrganizationPrefix = "bootstrapper:";

    /// <returns>Who shows one over this connection; <c>null</c> when nobody does whose certificate is good now.</returns>
    public Operator? Of(HttpContext context)
    {
        if (context.Connection.ClientCertificate is not { } certificate
            || !authorities[RootName.Cluster].AcceptsClient(certificate))
        {
            return null;
        }

        var owner = LeafEncoding.ProfileOf(certificate);
        var roles = Enum.GetValues<OperatorRole>()
            .Where(role => owner.Organizations.Contains($"{OrganizationPrefix}{Name(role)}s", StringComparer.Ordinal)).ToList();
        return roles.Count > 0 ? new Operator(owner.CommonName, roles.Max()) : null;
    }

    public static string Name(OperatorRole role) => role.ToString().ToLowerInvariant();
}
