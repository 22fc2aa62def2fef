using Bootstrapper.Images.Releases;

namespace Bootstrapper.Tests.Images;

public sealed class ReleaseVersionTests
{
    [Theory]
    [InlineData("9.0.0", "10.0.0")]
    [InlineData("4593.2.5", "4593.2.10")]
    [InlineData("4593.2", "4593.2.1")]
    [InlineData("44.20261101.3.0", "44.20261201.2.0")]
    [InlineData("1.0.0-alpha", "1.0.0-beta")]
    public void Older_comes_before_newer(string older, string newer)
    {
        Assert.True(ReleaseVersion.Compare(older, newer) < 0);
        Assert.True(ReleaseVersion.Compare(newer, older) > 0);
        Assert.Equal(0, ReleaseVersion.Compare(older, older));
    }

    [Theory]
    [InlineData("FLATCAR_BUILD=4593\nFLATCAR_VERSION=4593.2.5\nFLATCAR_VERSION_ID=1\n", "4593.2.5")]
    [InlineData("COREOS_VERSION=1068.9.0\r\n", "1068.9.0")]
    [InlineData("FLATCAR_VERSION=\"1.2.3\"\n", "1.2.3")]
    [InlineData("FLATCAR_SDK_VERSION=1.2.3\n", null)]
    [InlineData("FLATCAR_VERSION=../1\n", null)]
    [InlineData("FLATCAR_VERSION=.1\n", null)]
    [InlineData("FLATCAR_VERSION=current\n", null)]
    [InlineData("<html>", null)]
    [InlineData("", null)]
    public void Version_txt_is_read_and_not_believed_blindly(string text, string? version) =>
        Assert.Equal(version, ReleaseVersion.Read(text));
}
