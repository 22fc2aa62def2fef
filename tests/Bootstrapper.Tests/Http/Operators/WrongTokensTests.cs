using System.Net;
using System.Text.RegularExpressions;
using Bootstrapper.Http.Operators;
using Bootstrapper.Tests.Layout;
using Bootstrapper.Tests.Support;

namespace Bootstrapper.Tests.Http.Operators;

public sealed class WrongTokensTests
{
    private static readonly IPAddress Guesser = IPAddress.Parse("10.0.0.1"), Other = IPAddress.Parse("10.0.0.2");

    private readonly ManualClock _clock = new(TimeProvider.System.GetUtcNow());

    [Fact]
    public void Each_wrong_token_after_the_third_costs_more_up_to_two_seconds()
    {
        var wrong = new WrongTokens(_clock);
        var delays = new List<double>();
        for (var i = 0; i < 10; i++)
        {
            wrong.Note(Guesser);
            delays.Add(wrong.DelayOf(Guesser).TotalMilliseconds);
        }

        Assert.Equal([0, 0, 0, 100, 200, 400, 800, 1600, 2000, 2000], delays);
        Assert.Equal(TimeSpan.Zero, wrong.DelayOf(Other));
        Assert.Equal(10, wrong.Total);
    }

    [Fact]
    public void They_are_forgiven_after_a_while_without_any()
    {
        var wrong = new WrongTokens(_clock);
        Note(wrong, Guesser, 10);

        _clock.Advance(WrongTokens.ForgivenAfter);
        Assert.Equal(TimeSpan.Zero, wrong.DelayOf(Guesser));
        Note(wrong, Guesser, WrongTokens.Free);
        Assert.Equal(TimeSpan.Zero, wrong.DelayOf(Guesser));
    }

    [Fact]
    public void However_many_addresses_there_are_memory_is_bounded()
    {
        var wrong = new WrongTokens(_clock);
        Note(wrong, Guesser, 10);
        for (var i = 1U; i < WrongTokens.MostAddresses; i++)
        {
            wrong.Note(new IPAddress(i));
        }

        Assert.NotEqual(TimeSpan.Zero, wrong.DelayOf(Guesser));
        wrong.Note(Other);
        Assert.Equal(TimeSpan.Zero, wrong.DelayOf(Guesser));
    }

    /// <summary>Whoever looks a token up beside these lets it be guessed as fast as the network is.</summary>
    [Fact]
    public void Tokens_are_looked_up_where_wrong_ones_are_slowed_down() => Assert.Equal(
        [
            "HttpServices.cs", "OperatorAccess.cs", "OperatorTokens.cs", "SessionEndpoints.cs", "Sessions.cs",
            "StandingAccess.cs", "TokenRequests.cs",
        ],
        from file in SourceTree.Files
        where Regex.IsMatch(
            File.ReadAllText(Path.Combine(SourceTree.Directory, file.File)),
            @"\bOperatorTokens\b")
        orderby Path.GetFileName(file.File)
        select Path.GetFileName(file.File));

    private static void Note(WrongTokens wrong, IPAddress address, int times)
    {
        for (var i = 0; i < times; i++)
        {
            wrong.Note(address);
        }
    }
}
