using Bootstrapper.Registry.Tokens;
using Bootstrapper.Tests.Support;

namespace Bootstrapper.Tests.Registry;

public sealed class TokenKeyTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly ManualClock _clock = new(TimeProvider.System.GetUtcNow());

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void It_is_made_for_us_alone_and_kept()
    {
        var made = Shown();
        Assert.Equal(Bsroot.SecretFile, File.GetUnixFileMode(Root.TokenKey));
        Assert.Equal(made, Shown());
    }

    [Theory]
    [InlineData("registry-token.crt", null)]
    [InlineData("registry-token.key", null)]
    [InlineData("registry-token.crt", "")]
    [InlineData("registry-token.key", "half a ke")]
    public void It_is_made_again_when_a_file_is_missing_or_broken(string file, string? content)
    {
        var before = Shown();
        File.Delete(Root.At(file));
        if (content is not null)
        {
            File.WriteAllText(Root.At(file), content);
        }

        var after = Shown();
        Assert.NotEqual(before, after);
        Assert.Equal(after, Shown());
    }

    [Fact]
    public void It_is_made_again_before_it_ends()
    {
        var before = Shown();
        _clock.Advance(TimeSpan.FromDays((9 * 365) - 1));
        Assert.Equal(before, Shown());
        _clock.Advance(TimeSpan.FromDays(2));
        Assert.NotEqual(before, Shown());
    }

    private Bsroot Root => new(_directory.Path);

    private string Shown()
    {
        using var key = TokenKey.Open(Root, _clock);
        return key.Certificate.Thumbprint;
    }
}
