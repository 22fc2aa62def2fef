using Bootstrapper.Cluster;
using Bootstrapper.Http;
using FsCheck;
using FsCheck.Fluent;

namespace Bootstrapper.Tests.Http;

/// <summary>Which card the first frame of a connection came from.</summary>
public sealed class KeptSynTests
{
    private static readonly MacAddress Sender = MacAddress.Parse("52:54:00:66:66:01", null);

    [Theory]
    [InlineData(5, 10)]
    [InlineData(6, 5)]
    [InlineData(15, 15)]
    public void It_is_the_source_of_an_Ethernet_frame_whatever_options_follow(int ipWords, int tcpWords) =>
        Assert.Equal(Sender, KeptSyn.CardIn(Frame(14, ipWords, tcpWords)));

    /// <summary>A tunnel has no link header; of what is cut off nobody knows.</summary>
    [Fact]
    public void What_is_no_Ethernet_or_cut_off_has_none()
    {
        Assert.Null(KeptSyn.CardIn(Frame(14, 5, 10).AsSpan(14)));
        Assert.Null(KeptSyn.CardIn(Frame(14, 5, 10).AsSpan(..^4)));
        Assert.Null(KeptSyn.CardIn(Frame(18, 5, 10)));
        Assert.Null(KeptSyn.CardIn([]));
    }

    [Fact]
    public void No_frame_breaks_the_reading_of_it() =>
        Prop.ForAll(ArbMap.Default.ArbFor<byte[]>(), noise => { KeptSyn.CardIn(noise); }).QuickCheckThrowOnFailure();

    private static byte[] Frame(int link, int ipWords, int tcpWords)
    {
        var frame = new byte[link + ((ipWords + tcpWords) * 4)];
        new byte[] { 0x52, 0x54, 0, 0x66, 0x66, 1 }.CopyTo(frame, 6);
        frame[link] = (byte)(0x40 | ipWords);
        frame[link + (ipWords * 4) + 12] = (byte)(tcpWords << 4);
        return frame;
    }
}
