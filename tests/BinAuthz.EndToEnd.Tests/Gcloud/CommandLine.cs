using System.Text;

namespace BinAuthz.EndToEnd.Tests.Gcloud;

/// <summary>Splits a command line as a shell does: quotes group, single quotes keep everything, nothing is expanded.</summary>
internal static class CommandLine
{
    public static IReadOnlyList<string> Split(string text)
    {
        List<string> words = [];
        StringBuilder? word = null;
        var quote = '\0';
        for (var index = 0; index < text.Length; index++)
        {
            var character = text[index];
            if (quote == '\0' && char.IsWhiteSpace(character))
            {
                Add(words, word);
                word = null;
                continue;
            }

            word ??= new StringBuilder();
            if (character == quote)
            {
                quote = '\0';
            }
            else if (quote == '\0' && character is '\'' or '"')
            {
                quote = character;
            }
            else if (character == '\\' && quote != '\'' && index + 1 < text.Length)
            {
                word.Append(text[++index]);
            }
            else
            {
                word.Append(character);
            }
        }

        Add(words, word);
        return quote == '\0' ? words : throw new FormatException($"A quote is not closed in: {text}");
    }

    private static void Add(List<string> words, StringBuilder? word)
    {
        if (word is not null)
        {
            words.Add(word.ToString());
        }
    }
}
