using System.Net;
using Bootstrapper.Cluster;
using Bootstrapper.Tests.Support;

namespace Bootstrapper.Tests.Pki;

/// <summary>
/// An empty data root, a clock a minute ahead of the wall's (what openssl makes in a test has begun by then), and a description
/// to issue for.
/// </summary>
public abstract class PkiFixture : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    private protected PkiFixture() => Bsroot = new Bsroot(_directory.Path);

    private protected Bsroot Bsroot { get; }

    private protected ManualClock Clock { get; } = new(TimeProvider.System.GetUtcNow().AddMinutes(1));

    private protected static ClusterDescription Cluster => Clusters.Small;

    private protected static Node Node { get; } = NodeNumber(1);

    public void Dispose()
    {
        _directory.Dispose();
        GC.SuppressFinalize(this);
    }

    private protected static Node NodeNumber(int number) => new()
    {
        Mac = new MacAddress(0x002590c0f700 + (ulong)number),
        HostName = $"node{number}",
        Ip = new IPAddress([10, 10, 14, (byte)number]),
        Channel = "stable",
    };

    private protected string OpenSslText(string pem, string option)
    {
        Bsroot.Write(Bsroot.At("shown.pem"), pem);
        return OpenSsl.Run(Bsroot.Root, "x509", "-in", "shown.pem", "-noout", "-nameopt", OpenSsl.Names, option);
    }
}
