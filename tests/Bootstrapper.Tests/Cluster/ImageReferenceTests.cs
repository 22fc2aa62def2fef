using Bootstrapper.Cluster;

namespace Bootstrapper.Tests.Cluster;

/// <summary>Names of images mean what they mean to Docker and containerd.</summary>
public sealed class ImageReferenceTests
{
    private const string Digest = "sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";

    [Theory]
    [InlineData("pause", "docker.io/library/pause:latest")]
    [InlineData("example/ntp-server", "docker.io/example/ntp-server:latest")]
    [InlineData("index.docker.io/pause:1", "docker.io/library/pause:1")]
    [InlineData("registry.k8s.io/coredns/coredns:v1.13.1", "registry.k8s.io/coredns/coredns:v1.13.1")]
    [InlineData("bootstrapper:5000/hello", "bootstrapper:5000/hello:latest")]
    [InlineData("localhost/hello:1", "localhost/hello:1")]
    [InlineData("Registry.Example.com:5001/a__b/c-d:1", "registry.example.com:5001/a__b/c-d:1")]
    [InlineData("quay.io/a@" + Digest, "quay.io/a@" + Digest)]
    [InlineData("quay.io/a:1@" + Digest, "quay.io/a:1@" + Digest)]
    public void A_short_name_stands_for_a_whole_one(string text, string whole)
    {
        Assert.Equal(whole, ImageReference.Parse(text).ToString());
        Assert.Equal(ImageReference.Parse(text), ImageReference.Parse(whole));
    }

    [Theory]
    [InlineData("")]
    [InlineData("Hello")]
    [InlineData("quay.io/Hello")]
    [InlineData("quay.io//a")]
    [InlineData("quay.io/a:")]
    [InlineData("quay.io/a:1:2")]
    [InlineData("quay.io/a@sha256:12")]
    [InlineData("quay.io/../a")]
    [InlineData("quay.io/a:1\n")]
    public void What_no_registry_would_take_is_no_name(string text) => Assert.False(ImageReference.TryParse(text, out _));
}
