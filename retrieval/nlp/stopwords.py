"""Words that say nothing of what is asked, normalised: particles, pronouns, words of asking."""

from __future__ import annotations

ARABIC_STOP = frozenset(
    "ما ماذا من متي اين كيف كم لماذا هل اي ايه الذي التي الذين اللذين اللاتي اللتين في علي الي عن مع هو هي هم هما كان "
    "كانت يكون تكون كانوا ان انه انها انهم او ام ثم بعد قبل بين عند هذا هذه ذلك تلك هناك هنالك لم لن لا ليس ليست قد "
    "لقد تم يتم كل بعض غير به بها له لها لهم فيه فيها منه منها عليه عليها وما ومن وكم وفي وهو وهي مدي لدي حول عبر "
    "خلال ضد منذ حتي كما اذا اذ لو ولا فان وان بان لان اما الا ايضا لكن سوي مثل احد احدي ذات ذو بماذا لمن بمن مما عما "
    "فيم فيما لما عندما حين حينما بينما كذلك يا نحن انا انت اسم نوع قال قالت يقول تقول كنت كانا حيث بلا فقط وهل وقد "
    "انا انهما لديه لديها فكم فما فمن فهل و ا ال ل ب ذا ماسم مالذي ماهي ماهو فيهم خلاله خلالها بما فبما تمت يجب عندها "
    "عنده لكي كي ولم ولن ولا ولكن ومتى ومتي واين ولماذا وكيف فماذا وماذا دون بدون بشان حسب وفق وفقا طبقا مابين لديهم "
    "هكذا اكثر اقل بكم".split()
)
ENGLISH_STOP = frozenset(
    "a an the of in on at to for from by with and or nor is are was were be been being am do does did has have had "
    "what which who whom whose when where why how many much it its this that these those as than then there their "
    "them his her hers him he she they you your i me my we us our s t not no can could will would shall should may "
    "might must into onto about between during after before over under out up down off again more most some any such "
    "only own same so too very if because while but also each few other both all name one please tell give show say "
    "said says told d ll re ve m upon within without through al el along since until among amongst towards toward per "
    "via itself themselves himself herself else da de".split()
)
