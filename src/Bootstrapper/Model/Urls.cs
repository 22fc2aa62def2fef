using System.Globalization;
using Bootstrapper.Cluster;

namespace Bootstrapper.Model;

/// <summary>
/// Addresses of our own servers as machines are told them: by number, because firmware may have no name server.
/// </summary>
internal static class Urls
{
    /// <summary>
    /// Plain HTTP, but for who asked over TLS; without a trailing slash and without a port where it is the usual one.
    /// </summary>
    public static string Base(ClusterDescription cluster) =>
        cluster.IsSeenOverTls ? Secure(cluster) : Base(cluster, $"{cluster.Bootstrapper}");

    /// <summary>Plain HTTP, likewise.</summary>
    /// <param name="host">An address of ours, or what stands for one.</param>
    public static string Base(ClusterDescription cluster, string host) => Url("http", host, cluster.Ports.Http, usual: 80);

    /// <summary>The same over TLS.</summary>
    public static string Secure(ClusterDescription cluster) =>
        Url("https", $"{cluster.Bootstrapper}", cluster.Ports.Https, usual: 443);

    /// <summary>The same for whoever asks our DNS.</summary>
    public static string SecureByName(ClusterDescription cluster) =>
        Url("https", cluster.DockerDomain, cluster.Ports.Https, usual: 443);

    /// <summary>The directory of the boot loaders, for firmware that loads over HTTP; without a trailing slash.</summary>
    public static string Loaders(ClusterDescription cluster) => $"{Base(cluster)}{LoadersPath}";

    /// <summary>What DHCP names to the node's firmware where that is UEFI and boots over HTTP.</summary>
    public static Uri LoaderOverHttp(ClusterDescription cluster, Node node)
    {
        var file = LoaderChoice.Of(node.BootLoader) is { IsSigned: true } signed ? signed.File
            : (node.Architecture == Firmware.Arm64.Name ? Firmware.Arm64 : Firmware.X64).Loader;
        return new Uri($"{Loaders(cluster.SeenFrom(node))}/{file}");
    }

    public const string LoadersPath = "/tftpboot";

    /// <summary>What iPXE boots: it asks on from there.</summary>
    public static string IpxeScript(ClusterDescription cluster) => $"{Base(cluster)}/start.ipxe";

    /// <param name="file">A path below <c>www/</c>, or a URL, which stays what it is.</param>
    public static string File(ClusterDescription cluster, string file) =>
        file.Contains("://", StringComparison.Ordinal) ? file : $"{Base(cluster)}/{file.TrimStart('/')}";

    /// <returns>The path below <c>www/</c> that a URL of ours leads to; <c>null</c> for somebody else's.</returns>
    public static string? BelowWww(ClusterDescription cluster, string url) =>
        url.StartsWith(Base(cluster) + "/", StringComparison.Ordinal) ? url[(Base(cluster).Length + 1)..] : null;

    /// <summary>The registry as image names begin with it: <c>bootstrapper:5000</c>.</summary>
    public static string Registry(ClusterDescription cluster) =>
        string.Create(CultureInfo.InvariantCulture, $"{cluster.DockerDomain}:{cluster.Ports.Registry}");

    private static string Url(string scheme, string host, int port, int usual) =>
        port == usual ? $"{scheme}://{host}" : string.Create(CultureInfo.InvariantCulture, $"{scheme}://{host}:{port}");
}
