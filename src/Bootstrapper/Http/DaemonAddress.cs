using System.Globalization;
using System.Text.Json;
using Bootstrapper.Cluster;

namespace Bootstrapper.Http;

/// <summary>
/// Where the bootstrapper of a data root listens, for the commands on its own host: it writes that down as it starts, since its
/// description may be edited afterwards, and takes a second of processor time to read with 10,000 nodes.
/// </summary>
/// <param name="Api">The operators' API.</param>
/// <param name="Health">On this host alone, without TLS.</param>
internal sealed record DaemonAddress(Uri Api, Uri Health)
{
    public static DaemonAddress Of(ClusterDescription cluster) => new(
        Url("https", cluster.Bootstrapper.ToString(), cluster.Ports.Https), Url("http", "127.0.0.1", cluster.Ports.Http));

    /// <returns><c>null</c> where none was ever started, as on another host, or where it is not for this user.</returns>
    public static DaemonAddress? In(Bsroot bsroot)
    {
        try
        {
            var file = File.ReadAllBytes(bsroot.DaemonAddress);
            return JsonSerializer.Deserialize<DaemonAddress>(file, JsonSerializerOptions.Strict);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException)
        {
            return null;
        }
    }

    /// <exception cref="IOException">The data root cannot be written.</exception>
    public void Write(Bsroot bsroot) =>
        Bsroot.Write(bsroot.DaemonAddress, JsonSerializer.SerializeToUtf8Bytes(this, JsonSerializerOptions.Strict));

    private static Uri Url(string scheme, string host, int port) =>
        new(string.Create(CultureInfo.InvariantCulture, $"{scheme}://{host}:{port}"));
}
