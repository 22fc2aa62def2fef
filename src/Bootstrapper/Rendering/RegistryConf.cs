using System.Net;
using Bootstrapper.Cluster;

namespace Bootstrapper.Rendering;

/// <summary>registry.yml: the container registry (CNCF distribution 2.8, "Configuring a registry").</summary>
internal static class RegistryConf
{
    public static Artifact Render(ClusterDescription cluster, Bsroot bsroot, TemplateSet templates) =>
        new("registry.yml", templates.Render("registry.yml.template", new
        {
            Address = new IPEndPoint(cluster.Bootstrapper, cluster.Ports.Registry),
            Storage = bsroot.RegistryStorage,
            Certificate = bsroot.FrontCertificate,
            Key = bsroot.FrontKey,
        }));
}
