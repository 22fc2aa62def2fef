using System.Runtime.CompilerServices;
using Bootstrapper.Model;

namespace Bootstrapper.Tests.Model;

public sealed class KubernetesReleaseTests
{
    [Fact]
    public void Each_release_that_is_supported_has_a_file_that_says_all_of_it() =>
        Assert.All(["1.33", "1.34", "1.35", "1.36", "1.37"], minor =>
        {
            var release = KubernetesRelease.Find($"{minor}.2")!;
            Assert.All([release.Etcd, release.Pause, release.Authentication], Assert.NotEmpty);
            Assert.StartsWith("v1.", release.Coredns, StringComparison.Ordinal);
        });

    [Fact]
    public void The_page_for_operators_has_what_is_known_and_nothing_else() => Assert.Equal(
        from minor in KubernetesRelease.KnownMinors
        let release = KubernetesRelease.Find($"{minor}.0")!
        select $"| {minor} | {release.Coredns} | {release.Etcd} | {release.Pause} |",
        File.ReadLines(Page()).Where(line => line.StartsWith("| 1.", StringComparison.Ordinal)));

    [Theory]
    [InlineData("1.36.2", "3.6.8-0")]
    [InlineData("1.37.0-rc.1", "3.7.0-0")]
    [InlineData("1.99.0", "3.7.0-0")]
    [InlineData("1.20.0", "3.5.21-0")]
    [InlineData("2.0.0", "3.7.0-0")]
    public void A_release_that_is_not_known_is_taken_for_the_one_before_it(string version, string etcd) =>
        Assert.Equal(etcd, KubernetesRelease.Nearest(version).Etcd);

    [Theory]
    [InlineData("1.3.5")]
    [InlineData("1.350.0")]
    [InlineData("2.35.0")]
    [InlineData("9999.9999.9999")]
    public void The_images_of_a_release_that_is_not_known_are_not_guessed(string version) =>
        Assert.Null(KubernetesRelease.Find(version));

    private static string Page([CallerFilePath] string file = "") =>
        Path.Combine(Path.GetDirectoryName(file)!, "..", "..", "..", "docs", "kubernetes.md");
}
