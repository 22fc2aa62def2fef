using System.Text;
using Bootstrapper.Host;
using Bootstrapper.Tests.Support;

namespace Bootstrapper.Tests.Host;

public sealed class Utf8FileTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public static TheoryData<byte[], long, long> Broken => new()
    {
        { [0xfc], 1, 1 },
        { [.. "a\nb"u8, 0xe9], 2, 2 },
        { [.. "ü\nü"u8, 0xff, .. "x"u8], 2, 2 },
        { [.. "a\r\nb\r\n"u8, 0xc3], 3, 1 }, // cut off in the middle of a character
        { [.. "a"u8, 0xc0, 0xaf], 1, 2 }, // a longer form of /
        { [.. "a"u8, 0xed, 0xa0, 0x80], 1, 2 }, // half of a pair
        { [.. "\U0001F600"u8, 0x80], 1, 3 },
        { [.. new string('x', 70_000).Select(c => (byte)c), (byte)'\n', 0xa4], 2, 1 }, // behind the first block that is read
    };

    public void Dispose() => _directory.Dispose();

    [Theory]
    [MemberData(nameof(Broken))]
    public void What_is_not_UTF8_is_told_with_the_place_of_its_first_byte(byte[] octets, long line, long column)
    {
        var file = Path.Combine(_directory.Path, "text");
        File.WriteAllBytes(file, octets);
        var told = Assert.Throws<NotUtf8Exception>(() => Utf8File.Read(file));
        Assert.Equal((line, column), (told.Line, told.Column));
        Assert.Contains($"{file} is not UTF-8: ", told.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void UTF16_is_refused_by_its_name()
    {
        var file = Path.Combine(_directory.Path, "text");
        foreach (var encoding in new[] { Encoding.Unicode, Encoding.BigEndianUnicode })
        {
            File.WriteAllText(file, "nodes: []\n", encoding);
            Assert.Contains(
                "is not UTF-8: it is UTF-16; save it as UTF-8",
                Assert.Throws<NotUtf8Exception>(() => Utf8File.Read(file)).Message,
                StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("plain\n")]
    [InlineData("ünï ☃ 漢 \U0001F600 \uFFFD")]
    public void Text_is_read_as_it_is_also_with_a_mark_before_it(string text)
    {
        var file = Path.Combine(_directory.Path, "text");
        foreach (var encoding in new Encoding[] { new UTF8Encoding(false), new UTF8Encoding(true) })
        {
            File.WriteAllText(file, text, encoding);
            Assert.Equal(text, Utf8File.Read(file));
        }
    }
}
