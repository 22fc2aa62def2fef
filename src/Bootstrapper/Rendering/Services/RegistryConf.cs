using Bootstrapper.Cluster;
using Bootstrapper.Model;

namespace Bootstrapper.Rendering.Services;

/// <summary>registry.yml: the container registry (CNCF distribution 2.8, "Configuring a registry").</summary>
internal static class RegistryConf
{
    public const string Path = "registry.yml";

    /// <param name="readOnly">Whether it refuses whatever would change its content.</param>
    public static Artifact Render(ClusterDescription cluster, Bsroot bsroot, TemplateSet templates, bool readOnly = false) =>
        new(Path, templates.Render("registry.yml.template", new
        {
            Address = cluster.RegistryAddress.ToString(),
            Storage = bsroot.RegistryStorage,
            Certificate = bsroot.RegistryCertificate,
            Key = bsroot.RegistryKey,
            Realm = TokenServer.Realm(cluster),
            TokenServer.Service,
            TokenServer.Issuer,
            bsroot.TokenCertificate,
            ReadOnly = readOnly,
        }));
}
