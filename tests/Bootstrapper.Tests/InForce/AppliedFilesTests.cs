using Bootstrapper.InForce;
using Bootstrapper.Tests.Support;

namespace Bootstrapper.Tests.InForce;

/// <summary>A pointer that leads nowhere is no missing one: what is held would come into force.</summary>
public sealed class AppliedFilesTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    private Bsroot Bsroot => new(_directory.Path);

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void Where_nothing_was_applied_there_is_no_root() => Assert.Null(new AppliedFiles(Bsroot).Root);

    [Theory]
    [InlineData("")]
    [InlineData("\n")]
    [InlineData("gone\n")]
    [InlineData(".\n")]
    [InlineData("..\n")]
    [InlineData("../applied/there\n")]
    [InlineData("empty\n")]
    public void A_pointer_that_leads_nowhere_is_an_error_that_says_what_to_do(string text)
    {
        Bsroot.Write(Path.Combine(Bsroot.Applied, "there", "cluster-desc.yml"), "x");
        Directory.CreateDirectory(Path.Combine(Bsroot.Applied, "empty"));
        Bsroot.Write(Bsroot.Description, "y");
        Bsroot.Write(Path.Combine(Bsroot.Applied, "current"), text);
        var error = Assert.Throws<IOException>(() => new AppliedFiles(Bsroot).Root);
        Assert.Contains($"then remove {Bsroot.Applied}", error.Message, StringComparison.Ordinal);
        Assert.Throws<IOException>(() => new AppliedFiles(Bsroot).IsCurrent);
    }
}
