using System.Text;
using Bootstrapper.Host;

namespace Bootstrapper.Tests.Host;

public sealed class LastWordsTests
{
    [Theory]
    [InlineData(10)]
    [InlineData(65_533)]
    [InlineData(65_534)]
    [InlineData(1_000_000)]
    public async Task However_much_is_written_the_last_64_KiB_are_kept_and_no_more(int length)
    {
        var words = new LastWords();
        using var written = new MemoryStream(Encoding.ASCII.GetBytes(new string('a', length) + "end"));
        await words.ReadAsync(written, TestContext.Current.CancellationToken);
        Assert.Equal(Math.Min(length + 3, 65_536), $"{words}".Length);
        Assert.EndsWith("aend", $"{words}", StringComparison.Ordinal);
    }
}
