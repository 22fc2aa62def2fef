namespace Bootstrapper.Boot;

/// <summary>
/// Hears every line that dnsmasq writes, reads it once, and passes what it tells on: to the timelines, and to the loop guard.
/// </summary>
internal sealed partial class DnsmasqListener(
    Bsroot bsroot, SightingRecord record, BootWatch watch, DeclinedAddresses declined, UnansweredCards unanswered,
    ILogger<DnsmasqListener> logger)
{
    private readonly DnsmasqLog _log = new(bsroot.TftpRoot);

    /// <summary>Never throws: what a machine made dnsmasq write must not end the reading of it.</summary>
    public void Hear(ReadOnlySpan<char> line)
    {
        try
        {
            unanswered.Hear(line);
            if (_log.Read(line) is { } seen)
            {
                record.Note(seen);
                watch.Hear(seen);
                declined.Hear(seen);
            }
        }
#pragma warning disable CA1031 // Whatever went wrong with this line, the next one is to be read.
        catch (Exception e)
#pragma warning restore CA1031
        {
            LogUnheard(e, line.ToString());
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Cannot record: {Line}")]
    private partial void LogUnheard(Exception cause, string line);
}
