using Bootstrapper.Host;

namespace Bootstrapper.Tests.Host;

public sealed class PrintableTests
{
    private const string Hostile = "a\r\nb\u001b[31m\u0085\u2028\u2029\0c";

    [Fact]
    public void What_a_message_is_about_is_shown_with_its_escapes()
    {
        Assert.Equal(@"a\u000d\u000ab\u001b[31m\u0085\u2028\u2029\u0000c", Printable.Escaped(Hostile));
        Assert.Equal(new string('x', 60) + "…", Printable.Escaped(new string('x', 61)));
        Assert.Equal(new string('x', 60), Printable.Escaped(new string('x', 60)));
    }

    [Fact]
    public void In_a_log_a_text_stays_on_its_line_and_has_an_end()
    {
        Assert.Equal("a  b [31m    c", Printable.OnOneLine(Hostile));
        Assert.Equal(new string('x', 500) + "…", Printable.OnOneLine(new string('x', 5000)));
        Assert.Equal("Grüße 𐍈", Printable.OnOneLine("Grüße 𐍈"));
    }

    /// <summary>U+202E has a terminal show what follows from right to left.</summary>
    [Fact]
    public void What_is_not_seen_and_changes_what_is_does_not_pass()
    {
        Assert.Equal("gnp .exe", Printable.OnOneLine("gnp\u202e.exe"));
        Assert.Equal(@"a\u200bb\u2066c\ufeff\ue0041", Printable.Escaped("a\u200bb\u2066c\ufeff\U000E0041"));
    }

    [Fact]
    public void No_character_is_cut_in_two_and_half_a_character_is_none()
    {
        Assert.Equal("𐍈…", Printable.Escaped("𐍈𐍈", longest: 1));
        Assert.Equal("a\ufffdb", Printable.OnOneLine("a\ud800b"));
    }

    [Fact]
    public void On_the_screen_of_a_machine_nothing_is_an_order_to_its_loader() =>
        Assert.Equal("a b {net0/mac}       c", Printable.OnScreen("a\nb${net0/mac}\"'`\\|&\nc"));

    [Fact]
    public void A_name_cannot_end_the_author_line_of_git() =>
        Assert.Equal("mallorycommitter x y 0 +0000", Printable.Author("mallory\ncommitter x <y> 0 +0000"));
}
