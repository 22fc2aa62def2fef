using Bootstrapper.Cluster;

namespace Bootstrapper.Tests.Cluster;

public sealed class SpellingTests
{
    [Theory]
    [InlineData("iphihg", "iphigh")]
    [InlineData("bootstraper", "bootstrapper")]
    [InlineData("Nodes", "nodes")]
    [InlineData("base-url", null)]
    [InlineData("favourite_colour", null)]
    [InlineData("", null)]
    public void The_nearest_key_is_guessed_only_when_it_is_near(string written, string? expected) =>
        Assert.Equal(expected, ClusterKeys.All.Nearest(written));
}
